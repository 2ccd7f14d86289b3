import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { run } from './run.mjs'
import { giveUp, root, step } from './say.mjs'

const modules = `${root}/node_modules`
const marker = `${modules}/.zhuchang-lock`

/** Installs what package-lock.json names, when it is missing or the lock file has changed since. */
export async function ensureInstalled() {
  // A linked folder belongs to another checkout: it is that one's to install.
  if (existsSync(modules) && lstatSync(modules).isSymbolicLink()) return
  // Another Node or processor needs other binaries.
  const wanted = createHash('sha256')
    .update(readFileSync(`${root}/package-lock.json`))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex')
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return
  if (!existsSync(marker) && installedByHand()) return writeFileSync(marker, wanted)
  await step('安装依赖', 'install packages (npm ci)', async () => {
    const { code } = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
    if (code !== 0) giveUp('依赖安装失败，请检查网络后重试。', 'npm ci failed: check the network and try again.')
    writeFileSync(marker, wanted)
  })
}

// npm notes what it installed; a note younger than the lock file means that somebody has just run it.
function installedByHand() {
  const note = `${modules}/.package-lock.json`
  return existsSync(note) && statSync(note).mtimeMs >= statSync(`${root}/package-lock.json`).mtimeMs
}
