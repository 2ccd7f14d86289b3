import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

export const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`

/** Runs one step and says what it is and how long it took. */
export async function step(zh, en, work) {
  const began = Date.now()
  console.log(`→ ${zh} · ${en}`)
  const result = await work()
  console.log(`  ${seconds(began)}`)
  return result
}

/** Ends with words instead of a stack: for what the reader can mend. */
export function giveUp(zh, en) {
  console.error(`\n✗ ${zh}\n  ${en}`)
  process.exit(1)
}

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  giveUp(
    `需要 Node.js 20.19 或更新版本，当前为 ${process.version}。`,
    `Node.js 20.19 or newer is needed, this is ${process.version}. https://nodejs.org`,
  )
}

export const has = (path) => existsSync(`${root}/${path}`)
