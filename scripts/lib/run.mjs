import { spawn } from 'node:child_process'
import { root } from './say.mjs'

/** Runs a program in the project's folder; answers with its exit code and, when captured, what it said. */
export function run(program, args, { capture = false, env = {}, watch } = {}) {
  return new Promise((resolve) => {
    // npm is a .cmd file on Windows, which only a shell can start.
    const shell = process.platform === 'win32' && program === 'npm'
    const child = spawn(program, args, {
      cwd: root,
      shell,
      env: { ...process.env, ...env },
      stdio: ['ignore', capture || watch ? 'pipe' : 'inherit', capture ? 'pipe' : 'inherit'],
    })
    let said = ''
    child.stdout?.on('data', (bytes) => {
      said += bytes
      if (watch) process.stdout.write(bytes)
    })
    child.stderr?.on('data', (bytes) => (said += bytes))
    child.on('error', (error) => resolve({ code: 127, said: `${said}${error.message}` }))
    child.on('close', (code, signal) => resolve({ code: code ?? 1, said, signal }))
  })
}

/** Runs a tool of node_modules with this very Node. */
export const runTool = (entry, args, options) =>
  run(process.execPath, [`${root}/node_modules/${entry}`, ...args], options)
