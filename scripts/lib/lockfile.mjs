import { readFileSync } from 'node:fs'
import { root } from './say.mjs'

/**
 * Optional packages (binaries for other systems) that the lock file does not know. npm leaves them out where it could
 * not fetch them, and `npm ci` then refuses everywhere.
 */
export function lockfileGaps() {
  const { packages } = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8'))
  const gaps = []
  for (const [path, entry] of Object.entries(packages)) {
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (!packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`]) {
        gaps.push(`${path || 'package.json'} → ${name}`)
      }
    }
  }
  return gaps
}
