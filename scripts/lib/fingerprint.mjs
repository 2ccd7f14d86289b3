import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './say.mjs'

/** One hash over the contents of files and folders (relative to the project). Tests are left out: they build nothing. */
export function fingerprint(paths) {
  const hash = createHash('sha256').update(process.version)
  for (const path of paths) add(hash, path)
  return hash.digest('hex')
}

function add(hash, path) {
  const full = join(root, path)
  if (!existsSync(full) || /\.test\.tsx?$|(^|\/)(node_modules|dist|\.cache)$/.test(path)) return
  if (statSync(full).isDirectory()) {
    for (const name of readdirSync(full).sort()) add(hash, `${path}/${name}`)
  } else {
    hash.update(`\0${path}\0`).update(readFileSync(full))
  }
}
