#!/usr/bin/env node
// npm run build [server] [cli] [web]
import { build } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { requireNode } from './lib/say.mjs'

requireNode()
await ensureInstalled()
const names = process.argv.slice(2)
await build(names.length > 0 ? names : undefined)
