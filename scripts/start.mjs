#!/usr/bin/env node
// npm start [-- --lan]: from a fresh clone to a served product. Only what Node brings along until packages are there.
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { build } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { requireNode, root } from './lib/say.mjs'

requireNode()
await ensureInstalled()
await build(['server', 'web'])

const child = spawn(
  process.execPath,
  ['--enable-source-maps', `${root}/dist/server/main.mjs`, ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      NODE_ENV: 'production',
      ...process.env,
      PORT: process.env.PORT || '8080',
      ZHUCHANG_DATA: resolve(root, process.env.ZHUCHANG_DATA || 'data'),
    },
  },
)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    // Ctrl-C reaches the whole foreground group: the server already has it, and twice would mean "at once".
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  })
}
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)))
