#!/usr/bin/env node
// `npx zhuchang …`: builds the command when its sources have changed, then runs it.
import { build } from '../../scripts/lib/build.mjs'
import { ensureInstalled } from '../../scripts/lib/install.mjs'
import { requireNode } from '../../scripts/lib/say.mjs'

requireNode()
await ensureInstalled()
await build(['cli'], { quiet: true })
process.setSourceMapsEnabled(true)
await import('../../dist/cli/zhuchang.mjs')
