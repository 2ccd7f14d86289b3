// npm run bench [-- name …]: measures and prints one table; the numbers as JSON under .bench/.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, platform, release, totalmem } from 'node:os'
import { bench as candidates } from './candidates'
import { bench as clone } from './clone'
import { bench as field, stormBench as storm } from './field'
import { bench as fuzz } from './fuzz'
import type { Bench, Row } from './harness'
import { bench as kills } from './kills'
import { bench as live } from './live'
import { bench as orders } from './orders'
import { bench as pages } from './pages'
import { bench as permissions } from './permissions'
import { bench as races } from './races'
import { bench as writes } from './writes'

const all: Bench[] = [clone, live, candidates, orders, writes, races, kills, permissions, fuzz, pages, field, storm]
const seed = Number(process.env.SEED ?? 20261123)
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !all.some((b) => b.name === name))
if (unknown.length > 0) {
  console.error(`${unknown.join(', ')}: there are ${all.map((b) => b.name).join(', ')}`)
  process.exit(1)
}
const machine = {
  cpu: `${cpus()[0]?.model ?? '?'} × ${cpus().length}`,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  system: `${platform()} ${release()}`,
  // Others at work on the machine make every time longer.
  load: loadavg()[0]?.toFixed(1),
  node: process.version,
  commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
  seed,
  at: new Date().toISOString(),
}
console.log(
  Object.entries(machine)
    .map(([k, v]) => `${k}: ${v}`)
    .join(' · '),
)
const rows: Row[] = []
// The storm is a part of `field` already.
for (const bench of all.filter((b) => (asked.length === 0 ? b !== storm : asked.includes(b.name)))) {
  const began = Date.now()
  console.log(`\n── ${bench.name}`)
  try {
    rows.push(...(await bench.run({ seed, say: (line) => console.log(`   ${line}`) })))
  } catch (error) {
    console.error(error)
    rows.push({
      what: bench.name,
      atLeast: '—',
      measured: `failed: ${(error as Error).message.slice(0, 200)}`,
      ok: false,
    })
  }
  console.log(`   ${Math.round((Date.now() - began) / 1000)} s`)
}
const cell = (s: string) => s.replaceAll('|', '\\|')
console.log('\n| what | at least | measured | |\n|---|---|---|---|')
for (const r of rows)
  console.log(`| ${cell(r.what)} | ${cell(r.atLeast)} | ${cell(r.measured)} | ${r.ok ? '✓' : '✗'} |`)
mkdirSync('.bench', { recursive: true })
writeFileSync(
  `.bench/${asked.length ? asked.join('-') : 'all'}.json`,
  `${JSON.stringify({ machine, rows }, null, 2)}\n`,
)
process.exit(rows.every((r) => r.ok) ? 0 : 1)
