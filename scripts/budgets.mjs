// First-load budgets of the three faces, measured on what the build wrote: `node scripts/budgets.mjs` after `npm run build`.
import { existsSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const dist = new URL('../dist/web/', import.meta.url)
// KiB, gzipped, JavaScript and CSS that must arrive before the first page shows.
const BUDGETS = { link: 90, field: 130, desk: 420 }

if (!existsSync(new URL('.vite/manifest.json', dist))) {
  console.error('dist/web is missing: run `npm run build` first')
  process.exit(1)
}
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'))

/** Every chunk that the browser fetches for an entry without being asked: static imports and their CSS, not the lazy ones. */
function firstLoad(entry) {
  const seen = new Set()
  const files = new Set()
  const visit = (key) => {
    const chunk = manifest[key]
    if (!chunk || seen.has(key)) return
    seen.add(key)
    files.add(chunk.file)
    for (const css of chunk.css ?? []) files.add(css)
    for (const next of chunk.imports ?? []) visit(next)
  }
  visit(entry)
  return [...files]
}

// Marks that survive minification: zod's own error and registry names, and the summaries that only schema modules hold.
const FORBIDDEN = [
  [/ZodError|\$ZodType|ZodObject/, 'zod'],
  [/access:\s*[`'"]public[`'"],[^}]*summary:/, 'a contracts schema module'],
]

let failed = false
for (const [face, budget] of Object.entries(BUDGETS)) {
  const files = firstLoad(`${face}.html`)
  if (!files.length) {
    console.error(`${face}: not in the manifest`)
    failed = true
    continue
  }
  let bytes = 0
  for (const file of files) {
    const content = readFileSync(new URL(file, dist))
    bytes += gzipSync(content, { level: 9 }).length
    if (!file.endsWith('.js')) continue
    const text = content.toString('utf8')
    for (const [mark, what] of FORBIDDEN)
      if (mark.test(text)) {
        console.error(`${face}: ${what} has entered the first load through ${file}; import contracts as types only`)
        failed = true
      }
  }
  const kib = bytes / 1024
  const over = kib > budget
  failed ||= over
  console.log(
    `${face.padEnd(6)}${kib.toFixed(1).padStart(7)} KiB of ${budget} KiB gzip in ${files.length} files${over ? '   OVER' : ''}`,
  )
}
process.exit(failed ? 1 : 0)
