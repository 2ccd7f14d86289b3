#!/usr/bin/env node
// npm run bench [-- name …]: bundles bench/main.ts and runs it with this very Node.
import { build } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { run } from './lib/run.mjs'
import { requireNode } from './lib/say.mjs'

requireNode()
await ensureInstalled()
await build(['server', 'web', 'bench'])
const { code } = await run(process.execPath, ['--enable-source-maps', 'dist/bench/main.mjs', ...process.argv.slice(2)])
process.exit(code)
