#!/usr/bin/env node
// npm test: checks, unit and database tests, browser journeys. The last line is the sum.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { ensureInstalled } from './lib/install.mjs'
import { run, runTool } from './lib/run.mjs'
import { has, requireNode, root } from './lib/say.mjs'

requireNode()
await ensureInstalled()
const { build } = await import('./lib/build.mjs')
const { ensureBrowser, findChromium } = await import('./lib/browser.mjs')
const { check } = await import('./check.mjs')

const total = { passed: 0, failed: 0 }
const count = ({ passed, failed }) => {
  total.passed += passed
  total.failed += failed
}

console.log('\n── 检查 · check')
count(await check())
console.log('\n── 单元与数据库测试 · unit and database tests')
count(await vitest())
console.log('\n── 浏览器旅程 · browser journeys')
count(await journeys())
console.log('\n── 风暴中的手机：500 次离线操作 · a phone in a storm: 500 offline actions')
count(await storm())

console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

async function vitest() {
  const report = `${root}/.cache/test/vitest.json`
  mkdirSync(`${root}/.cache/test`, { recursive: true })
  rmSync(report, { force: true })
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { code } = await runTool('vitest/vitest.mjs', args)
  if (!existsSync(report)) return { passed: 0, failed: 1 }
  const result = JSON.parse(readFileSync(report, 'utf8'))
  // A file that could not even load has no test that failed; a test that was skipped proved nothing.
  const unloaded = result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  const skipped = result.numPendingTests + result.numTodoTests
  if (skipped > 0) console.error(`${skipped} skipped: counted as failed`)
  const failed = result.numFailedTests + unloaded.length + skipped
  return { passed: result.numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed }
}

async function journeys() {
  if (!has('e2e/run.mjs')) return { passed: 0, failed: 0 }
  const missing = await ensureBrowser()
  if (missing) {
    console.error(missing)
    return { passed: 0, failed: 1 }
  }
  try {
    await build()
  } catch (error) {
    console.error(error)
    return { passed: 0, failed: 1 }
  }
  const env = { CHROMIUM_PATH: findChromium() }
  const { code, said } = await run(process.execPath, ['e2e/run.mjs'], { env, watch: true })
  const sum = [...said.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1)
  const [passed, failed] = sum ? [Number(sum[1]), Number(sum[2])] : [0, 1]
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed }
}

/** One phone of the storm that `npm run bench -- field` sends twenty into. A row of its table is a test. */
async function storm() {
  try {
    await build(['server', 'web', 'bench'])
  } catch (error) {
    console.error(error)
    return { passed: 0, failed: 1 }
  }
  const env = { CHROMIUM_PATH: findChromium(), CHAOS_ACTIONS: '500' }
  const { code, said } = await run(process.execPath, ['dist/bench/main.mjs', 'storm'], { env, watch: true })
  const passed = [...said.matchAll(/^\|.*\| ✓ \|$/gm)].length
  const failed = [...said.matchAll(/^\|.*\| ✗ \|$/gm)].length
  return { passed, failed: (code !== 0 || passed === 0) && failed === 0 ? 1 : failed }
}
