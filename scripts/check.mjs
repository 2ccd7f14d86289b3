#!/usr/bin/env node
// npm run check: everything that needs no database and no browser, in under a minute.
import { pathToFileURL } from 'node:url'
import { checkBudgets } from './lib/budgets.mjs'
import { build } from './lib/build.mjs'
import { errorsPageProblems } from './lib/errors-page.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { lockfileGaps } from './lib/lockfile.mjs'
import { runTool } from './lib/run.mjs'
import { requireNode, root, seconds } from './lib/say.mjs'

const tool =
  (entry, ...args) =>
  async () => {
    const { code, said } = await runTool(entry, args, { capture: true })
    return code === 0 ? [] : [said.trim()]
  }

const checks = {
  '类型 · types': tool('typescript/bin/tsc', '--noEmit'),
  '格式与规范 · format, lint': tool('@biomejs/biome/bin/biome', 'check', '--max-diagnostics=50'),
  '模块边界 · boundaries': async () => {
    const { checkBoundaries } = await import('./lib/boundaries.mjs') // needs a package: not before the installation
    return checkBoundaries(root).problems
  },
  '死代码 · dead code': tool('knip/bin/knip.js', '--no-progress'),
  '错误码文档 · errors page': errorsPageProblems,
  '依赖锁文件 · lock file': async () => lockfileGaps(),
  '首屏体积 · bundle budgets': async () => {
    await build(['web'], { quiet: true })
    const { problems, sizes } = checkBudgets()
    console.log(`  first load, gzip KiB: ${JSON.stringify(sizes)}`)
    return problems
  },
}

/** Runs every check and answers with how many passed and failed. */
export async function check() {
  const began = Date.now()
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, work]) => {
      const start = Date.now()
      const problems = await work().catch((error) => [error.stack ?? String(error)])
      console.log(`${problems.length === 0 ? '✓' : '✗'} ${name}  ${seconds(start)}`)
      for (const problem of problems) console.log(problem.replace(/^/gm, '    '))
      return problems.length === 0
    }),
  )
  const passed = results.filter(Boolean).length
  console.log(`check: ${passed} passed, ${results.length - passed} failed, ${seconds(began)}`)
  return { passed, failed: results.length - passed }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  requireNode()
  await ensureInstalled()
  const { failed } = await check()
  process.exit(failed === 0 ? 0 : 1)
}
