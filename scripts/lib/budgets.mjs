import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from './say.mjs'

// What a first visit costs, in KiB of gzipped scripts and styles: a phone on a customer's floor, a customer in WeChat,
// a desk that is opened once a day and carries antd.
const limits = { link: 90, field: 130, desk: 420 }

/** Checks the built web application against its budgets; answers with what is over and a table of all. */
export function checkBudgets(folder = join(root, 'dist/web')) {
  const read = (name) => JSON.parse(readFileSync(join(folder, '.vite', name), 'utf8'))
  const problems = []
  const sizes = {}
  for (const face of Object.keys(limits)) {
    if (!existsSync(join(folder, `.vite/${face}.json`))) return { problems: [`${face} is not built`], sizes }
    const manifest = read(`${face}.json`)
    const modules = read(`${face}.modules.json`)
    const files = staticFiles(manifest, `${face}.html`)
    const kib = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0) / 1024
    sizes[face] = Math.round(kib * 10) / 10
    if (kib > limits[face]) {
      problems.push(`${face}: ${kib.toFixed(1)} KiB on first load, ${limits[face]} allowed`)
    }
    for (const file of files) {
      for (const id of modules[file] ?? []) {
        // Contracts are types to the browser: a schema there means zod and every shape on the first load.
        if (/\.schema\.ts$|node_modules\/zod\//.test(id)) problems.push(`${face}: ${id} is in the entry chunk ${file}`)
      }
    }
  }
  return { problems, sizes }
}

function staticFiles(manifest, key, seen = new Set()) {
  const chunk = manifest[key]
  if (!chunk || seen.has(chunk.file)) return [...seen]
  seen.add(chunk.file)
  for (const css of chunk.css ?? []) seen.add(css)
  for (const next of chunk.imports ?? []) staticFiles(manifest, next, seen)
  return [...seen]
}
