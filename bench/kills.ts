// kill -9 of the server and, apart, of the database under load. What was answered 200 is there afterwards, whole; what
// was not is there whole or not at all, and the same command sent again is answered, not repeated.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { runningUrl } from '../apps/server/src/platform/database/embedded'
import { openPool } from '../apps/server/src/platform/database/pool'
import { newId } from '../apps/server/src/platform/ids'
import { verifyChain } from '../apps/server/src/platform/journal'
import type { Bench } from './harness'
import { freePort, ready, signIn, startServer } from './server'

const writers = 16

export interface Kills {
  victim: 'server' | 'database'
  rounds: number
  acknowledged: number
  /** Acknowledged commands without receipt, event or row. */
  lost: number
  /** Receipts, events and rows that do not belong together. */
  halfDone: number
  /** Commands that were in the air, sent again with the same id and answered. */
  repeated: number
  reopened: number
  /** From the kill to the first answer. */
  backMs: number[]
  chain: string
}

interface Sent {
  id: string
  kind: 'order' | 'customer'
  body: unknown
}

export async function kills(o: {
  victim: Kills['victim']
  rounds: number
  seed: number
  say?: (s: string) => void
}): Promise<Kills> {
  const folder = mkdtempSync(join(tmpdir(), 'zhuchang-kills-'))
  const dataDir = join(folder, 'data')
  const port = await freePort()
  const start = () => startServer({ ZHUCHANG_DATA: dataDir, ZHUCHANG_DEMO: '0' }, { port })
  let server = await start()
  const result: Kills = {
    victim: o.victim,
    rounds: o.rounds,
    acknowledged: 0,
    lost: 0,
    halfDone: 0,
    repeated: 0,
    reopened: 0,
    backMs: [],
    chain: 'ok',
  }
  try {
    const password = /初始密码 (\S+?)（/.exec(server.said())?.[1] as string
    const cookie = await signIn(server.url, 'admin', password)
    const post = (path: string, body: unknown, id: string) =>
      fetch(`${server.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie, 'idempotency-key': id },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(20_000),
      })
    const first = await post('/api/customers', { name: '瑞金医院', teamId: null }, newId())
    const customerId = ((await first.json()) as { id: string }).id
    const acknowledged: Sent[] = []
    const make = (n: number): Sent =>
      n % 2 === 0
        ? { id: newId(), kind: 'order', body: { id: newId(), customerId, title: `第 ${n} 张工单`, text: '掉电测试' } }
        : { id: newId(), kind: 'customer', body: { id: newId(), name: `客户 ${n}`, teamId: null } }
    const send = (s: Sent) => post(s.kind === 'order' ? '/api/orders' : '/api/customers', s.body, s.id)
    let n = 0
    for (let round = 0; round < o.rounds; round++) {
      let going = true
      const inTheAir: Sent[] = []
      const load = Array.from({ length: writers }, async () => {
        // As a phone does: what was not answered is sent again, with the same id, before anything new.
        let unanswered: Sent | null = null
        while (going) {
          const s: Sent = unanswered ?? make(n++)
          try {
            const answer = await send(s)
            await answer.arrayBuffer()
            if (answer.status === 200) {
              acknowledged.push(s)
              if (unanswered) result.repeated++
              unanswered = null
              continue
            }
          } catch {
            // No answer at all.
          }
          unanswered = s
          await sleep(20)
        }
        if (unanswered) inTheAir.push(unanswered)
      })
      // Never at the same moment of the load.
      await sleep(300 + ((o.seed * 7919 + round * 104_729) % 900))
      const began = Date.now()
      if (o.victim === 'server') {
        await server.stop('SIGKILL')
        going = false
        await Promise.all(load)
        server = await start()
      } else {
        process.kill(postmaster(dataDir), 'SIGKILL')
        await sleep(50)
        while (!(await ready(server.url))) {
          if (Date.now() - began > 60_000) throw new Error(`the database does not come back: ${server.said()}`)
          await sleep(20)
        }
        result.backMs.push(Date.now() - began)
        // Under load to the end: the writers go on against the database that has just come back.
        await sleep(200)
        going = false
        await Promise.all(load)
      }
      if (o.victim === 'server') result.backMs.push(Date.now() - began)
      result.reopened++
      for (const s of inTheAir) {
        const answer = await send(s)
        await answer.arrayBuffer()
        if (answer.status !== 200) throw new Error(`a repeat was answered ${answer.status}`)
        result.repeated++
        acknowledged.push(s)
      }
      const { lost, halfDone } = await inspect(dataDir, acknowledged)
      result.lost += lost
      result.halfDone += halfDone
      o.say?.(
        `${o.victim} ${round + 1}/${o.rounds}: ${acknowledged.length} acknowledged, ${lost} lost, ${halfDone} half done, back in ${result.backMs.at(-1)} ms`,
      )
    }
    result.acknowledged = acknowledged.length
    result.chain = await chain(dataDir)
    return result
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const postmaster = (dataDir: string) =>
  Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])

/** Reads the database itself: what the product says about itself proves nothing here. */
async function inspect(dataDir: string, acknowledged: readonly Sent[]) {
  const client = new pg.Client(runningUrl(dataDir))
  await client.connect()
  const count = async (text: string, values: unknown[] = []) => Number((await client.query(text, values)).rows[0].n)
  try {
    const sent = JSON.stringify(
      acknowledged.map((s) => ({ id: s.id, kind: s.kind, row: (s.body as { id: string }).id })),
    )
    const lost = await count(
      `select count(*) as n from jsonb_to_recordset($1::jsonb) as s(id uuid, kind text, row uuid) where not exists (select 1 from receipts r where r.command_id = s.id and r.reply is not null)
        or not exists (select 1 from events e where e.command_id = s.id and e.aggregate_id = s.row and e.type = s.kind || '.created')
        or not exists (select 1 from orders o where s.kind = 'order' and o.id = s.row union all select 1 from customers c where s.kind = 'customer' and c.id = s.row)`,
      [sent],
    )
    const halfDone =
      (await count(`select count(*) as n from receipts r where r.command in ('order.create', 'customer.create')
        and (r.reply is null or (select count(*) from events e where e.command_id = r.command_id and e.type in ('order.created', 'customer.created')) <> 1)`)) +
      (await count(`select count(*) as n from events e where e.type in ('order.created', 'customer.created')
        and not exists (select 1 from receipts r where r.command_id = e.command_id)`)) +
      (await count(
        `select count(*) as n from events e where e.type = 'order.created' and not exists (select 1 from orders o where o.id = e.aggregate_id)`,
      )) +
      (await count(`select count(*) as n from orders o where (select count(*) from events e where e.aggregate_id = o.id and e.type = 'order.created') <> 1
        or not exists (select 1 from threads t where t.subject_id = o.id)`)) +
      (await count(
        `select count(*) as n from customers c where (select count(*) from events e where e.aggregate_id = c.id and e.type = 'customer.created') <> 1`,
      ))
    return { lost, halfDone }
  } finally {
    await client.end()
  }
}

async function chain(dataDir: string): Promise<string> {
  const pool = openPool(runningUrl(dataDir) as string, 2)
  try {
    const until = Date.now() + 10_000
    let verdict = await verifyChain(pool)
    // The server seals what is left within a second.
    while (verdict.ok && verdict.unsealed > 0 && Date.now() < until) {
      await sleep(100)
      verdict = await verifyChain(pool)
    }
    return verdict.ok && verdict.unsealed === 0 ? 'ok' : JSON.stringify(verdict)
  } finally {
    await pool.end()
  }
}

export const bench: Bench = {
  name: 'kills',
  async run({ seed, say }) {
    const rows = []
    for (const victim of ['server', 'database'] as const) {
      const r = await kills({ victim, rounds: 20, seed, say })
      const slowest = Math.max(...r.backMs)
      rows.push({
        what: `kill -9 of the ${victim} under load (${writers} writers), ${r.rounds} times`,
        atLeast: '0 acknowledged writes lost, 0 half-done commands, opens again each time',
        measured: `${r.acknowledged} acknowledged, ${r.lost} lost, ${r.halfDone} half done, ${r.repeated} in the air answered when sent again, back ${r.reopened} of ${r.rounds} times (slowest ${slowest} ms), chain ${r.chain}`,
        ok: r.lost === 0 && r.halfDone === 0 && r.reopened === r.rounds && r.chain === 'ok',
      })
    }
    return rows
  },
}
