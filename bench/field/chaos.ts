// Phones in a storm. Real Chromium with the product's service worker and outbox, a line that loses requests and answers,
// pages that are reloaded and closed in the middle of a flush, two tabs, a server that is killed. In the end every action
// has been done exactly once, and the phone holds what the server holds.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { sql } from '../../apps/server/src/platform/database/pool'
import { newId } from '../../apps/server/src/platform/ids'
import { type Field, field } from '../../apps/server/test/field'
import { TestClock, world } from '../../apps/server/test/world'
import { database, type Row } from '../harness'
import { freePort, type Server, startServer } from '../server'
import type { Hand } from './page'
import { type BadLine, calm, startProxy } from './proxy'
import { random } from './random'

const visitsAPhone = 14
const actionsAPhone = 500

export interface Storm {
  phones: number
  actions: number
  /** Receipts of these actions, and how many of them say more than one thing happened. */
  applied: number
  lost: number
  twice: number
  refused: number
  /** Phones whose rows are not the server's. */
  differ: number
  /** Fields whose last value is not what was typed last. */
  stale: number
  reloads: number
  closed: number
  kills: number
  fates: BadLine['count']
  seconds: number
}

interface Action {
  command: string
  subject: string
  body: unknown
  commandId: string
}

interface Phone {
  id: string
  name: string
  userName: string
  cookie: string
  visits: string[]
  /** Document → its text fields. */
  papers: Map<string, string[]>
}

/** A person with visits that are under way and documents to fill, made through the real commands. */
async function phoneFor(f: Field, n: number): Promise<Phone> {
  const e = await f.engineer(`风暴${n}`)
  const start = f.w.clock.at.getTime() + 3_600_000
  const visits: string[] = []
  for (let i = 0; i < visitsAPhone; i++) {
    const at = new Date(start + i * 5_400_000)
    const v = await f.offer(e, { start: at, end: new Date(at.getTime() + 3_600_000), travelMin: 0 })
    const params = { id: v.id }
    for (const verb of ['take', 'depart', 'check-in', 'start'] as const)
      await e.ok(`POST /api/visits/:id/${verb}`, { params, body: {} })
    visits.push(v.id)
  }
  const rows = await f.w.db.query<{
    id: string
    body: { sections: { fields: { key: string; type: string }[] }[] }
  }>(sql`
    select d.id, t.body from documents d join document_templates t on t.key = d.template_key and t.version = d.template_version
    where d.visit_id = any(${visits}::uuid[])`)
  const papers = new Map(
    rows.map((d) => [
      d.id,
      d.body.sections.flatMap((s) =>
        s.fields.filter((x) => x.type === 'longtext' || x.type === 'text').map((x) => x.key),
      ),
    ]),
  )
  // The server of the storm is no demo: there he is one of the staff.
  await f.w.db.run(sql`update users set demo = false where id = ${e.id}`)
  const { user_name } = await f.w.db.one<{ user_name: string }>(sql`select user_name from users where id = ${e.id}`)
  return { id: e.id, name: e.name, userName: user_name, cookie: e.cookie, visits, papers }
}

/** What the person does: papers filled, work interrupted and gone on with, photos declared, facts put right. */
function script(
  p: Phone,
  n: number,
  roll: () => number,
  now: number,
): { actions: Action[]; last: Map<string, string> } {
  const paused = new Set<string>()
  const papers = [...p.papers].filter(([, keys]) => keys.length > 0)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(roll() * list.length)] as T
  const last = new Map<string, string>()
  const actions: Action[] = []
  for (let i = 0; i < n; i++) {
    const x = roll()
    const visit = pick(p.visits)
    const commandId = newId()
    if (x < 0.5 && papers.length > 0) {
      const [id, keys] = pick(papers)
      const key = pick(keys)
      const value = `第 ${i} 次填写，${Math.floor(roll() * 1e9)}`
      last.set(`${id} ${key}`, value)
      actions.push({ command: 'document.fill', subject: id, body: { values: { [key]: value } }, commandId })
    } else if (x < 0.82) {
      const on = paused.has(visit)
      if (on) paused.delete(visit)
      else paused.add(visit)
      const body = on ? {} : { reason: `等客户 ${i}` }
      actions.push({ command: on ? 'visit.resume' : 'visit.pause', subject: visit, body, commandId })
    } else if (x < 0.93) {
      const sha256 = Array.from({ length: 8 }, () =>
        Math.floor(roll() * 2 ** 32)
          .toString(16)
          .padStart(8, '0'),
      ).join('')
      const body = {
        id: newId(),
        kind: 'photo',
        sha256,
        bytes: 1 + Math.floor(roll() * 4e6),
        takenAt: new Date(now).toISOString(),
      }
      actions.push({ command: 'evidence.declare', subject: visit, body, commandId })
    } else {
      const body = { asset: { serial: `SN-${p.userName}-${i}` } }
      actions.push({ command: 'visit.correct', subject: visit, body, commandId })
    }
  }
  return { actions, last }
}

/** Which event says that a command has been done; a serial number that is already so changes nothing and says nothing. */
const said: Record<string, string> = {
  'document.fill': 'document.filled',
  'visit.pause': 'visit.paused',
  'visit.resume': 'visit.resumed',
  'evidence.declare': 'visit.evidence_added',
  'visit.correct': 'asset.edited',
}

class Storms {
  readonly result: Storm = {
    phones: 0,
    actions: 0,
    applied: 0,
    lost: 0,
    twice: 0,
    refused: 0,
    differ: 0,
    stale: 0,
    reloads: 0,
    closed: 0,
    kills: 0,
    fates: { passed: 0, dropRequest: 0, dropAnswer: 0, reset: 0, hang: 0, down: 0 },
    seconds: 0,
  }

  constructor(
    readonly o: { seed: number; fullHang: boolean; say: (line: string) => void },
    readonly f: Field,
    readonly browser: Browser,
    readonly script: string,
    readonly start: () => Promise<Server>,
    readonly proxy: BadLine,
    public server: Server,
  ) {}

  private async open(context: BrowserContext, p: Phone): Promise<Page> {
    const page = await context.newPage()
    await page.goto(`${this.proxy.url}/m/`, { waitUntil: 'domcontentloaded' })
    await page.evaluate((me) => window.chaos.open(me), { id: p.id, name: p.name, zone: 'Asia/Shanghai' })
    return page
  }

  private async reload(page: Page, p: Phone): Promise<void> {
    this.result.reloads++
    await page.reload({ waitUntil: 'domcontentloaded' })
    await page.evaluate((me) => window.chaos.open(me), { id: p.id, name: p.name, zone: 'Asia/Shanghai' })
  }

  private async kill(): Promise<void> {
    this.result.kills++
    await this.server.stop('SIGKILL')
    this.server = await this.start()
  }

  async phone(n: number): Promise<void> {
    const { proxy, result, o } = this
    const roll = random(o.seed + n * 7919)
    const p = await phoneFor(this.f, n)
    const { actions, last } = script(p, actionsAPhone, roll, Date.now())
    const context = await this.browser.newContext({
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      viewport: { width: 390, height: 844 },
    })
    context.setDefaultTimeout(60_000)
    await context.addInitScript({ content: this.script })
    try {
      proxy.weather = calm
      const [name, value] = (p.cookie.split(';')[0] as string).split('=') as [string, string]
      await context.addCookies([{ name, value, url: proxy.url }])
      const one = await this.open(context, p)
      // The worker must hold the page before the line goes: from here on it is opened from the phone alone.
      await one.evaluate(() => navigator.serviceWorker.ready.then(() => true))
      await one.waitForFunction(() => navigator.serviceWorker.controller !== null)
      await this.until(one, (s) => s.syncedAt !== null)
      let two = await this.open(context, p)
      const storm = { dropRequest: 0.06, dropAnswer: 0.08, reset: 0.05, hang: 0.02, hangMs: 2_000 }
      let done = 0
      let longHang = o.fullHang && n % 10 === 0
      while (done < actions.length) {
        if (process.env.CHAOS_TALK) o.say(`${done} done`)
        // In the basement: everything is done without a line, some of it after a cold start.
        proxy.down = true
        await context.setOffline(true)
        const wave = actions.slice(done, done + 60 + Math.floor(roll() * 80))
        const half = Math.floor(wave.length / 2)
        await one.evaluate((list) => window.chaos.act(list), wave.slice(0, half))
        if (roll() < 0.5) await this.reload(one, p)
        await (roll() < 0.5 ? one : two).evaluate((list) => window.chaos.act(list), wave.slice(half))
        done += wave.length
        // Up again, into the storm.
        proxy.weather = storm
        proxy.down = false
        await context.setOffline(false)
        await one.evaluate(() => window.chaos.wake())
        await sleep(100 + roll() * 500)
        const x = roll()
        if (x < 0.35) await this.reload(one, p)
        else if (x < 0.6) {
          result.closed++
          await two.close()
          two = await this.open(context, p)
        } else if (x < 0.8) await this.kill()
        else if (longHang) {
          // Once as long as it takes the phone to give up by itself.
          longHang = false
          proxy.weather = { ...storm, hang: 1, hangMs: 31_000 }
          await sleep(1_000)
          proxy.weather = storm
        }
      }
      if (result.kills < n + 1) await this.kill()
      await this.drain([one, two])
      proxy.weather = calm
      await this.drain([one, two], true)
      await this.judge(p, one, actions, last)
    } finally {
      proxy.down = false
      proxy.weather = calm
      await context.close()
    }
    result.phones++
  }

  private async until(page: Page, is: (s: Awaited<ReturnType<Hand['status']>>) => boolean): Promise<void> {
    for (const end = Date.now() + 60_000; ; await sleep(200)) {
      const s = await page.evaluate(() => window.chaos.status())
      if (is(s)) return
      if (Date.now() > end) throw new Error(`the phone does not come to rest: ${JSON.stringify(s)}`)
    }
  }

  /** Waits until nothing waits any more; the person taps 立即同步 now and then, as people do. */
  private async drain(pages: Page[], synced = false): Promise<void> {
    const until = Date.now() + 300_000
    for (;;) {
      const all = await Promise.all(
        pages.map(async (page) => {
          await page.evaluate(() => window.chaos.wake())
          return page.evaluate(() => window.chaos.status())
        }),
      )
      if (process.env.CHAOS_TALK)
        this.o.say(
          all.map((s) => `${s.waiting} waiting, contact ${s.contact}, busy ${s.busy}, ${s.problem ?? ''}`).join(' | '),
        )
      if (all.every((s) => s.waiting === 0 && !s.busy) && (!synced || all.every((s) => s.contact === true))) return
      if (all.some((s) => s.signedOut) || Date.now() > until) throw new Error(`still waiting: ${JSON.stringify(all)}`)
      await sleep(400)
    }
  }

  private async judge(p: Phone, page: Page, actions: Action[], last: Map<string, string>): Promise<void> {
    const { result, f } = this
    const ids = actions.map((a) => a.commandId)
    const rows = await f.w.db.query<{ command_id: string; type: string; n: number }>(sql`
      select r.command_id, coalesce(e.type, '') as type, count(e.id) as n from receipts r left join events e on e.command_id = r.command_id
      where r.command_id = any(${ids}::uuid[]) group by 1, 2`)
    const types = new Map<string, Map<string, number>>()
    for (const r of rows) types.set(r.command_id, (types.get(r.command_id) ?? new Map()).set(r.type, r.n))
    result.actions += actions.length
    for (const a of actions) {
      const mine = types.get(a.commandId)
      if (!mine) {
        result.lost++
        continue
      }
      result.applied++
      const times = mine.get(said[a.command] as string) ?? 0
      if (times > 1) result.twice++
      // A correction to what is there already changes nothing.
      if (times === 0 && a.command !== 'visit.correct') result.lost++
    }
    const bad = await page.evaluate(() => window.chaos.refused())
    result.refused += bad.length
    if (bad.length > 0) this.o.say(`refused or in conflict: ${JSON.stringify(bad[0])}`)
    const documents = await f.w.db.query<{ id: string; values: Record<string, unknown> }>(
      sql`select id, values from documents where id = any(${[...p.papers.keys()]}::uuid[])`,
    )
    const values = new Map(documents.map((d) => [d.id, d.values]))
    for (const [at, value] of last) {
      const [id, key] = at.split(' ') as [string, string]
      if (values.get(id)?.[key] !== value) result.stale++
    }
    if (!(await this.same(page))) result.differ++
  }

  /** Whether the phone's rows, hashed on the phone, are the server's. */
  private async same(page: Page): Promise<boolean> {
    for (let i = 0; i < 5; i++) {
      const mine = await page.evaluate(() => window.chaos.hashes())
      const answer = await page.request.post(`${this.proxy.url}/api/field/sync`, { data: {} })
      const { collections } = (await answer.json()) as { collections: Record<string, { digest: string }> }
      const other = Object.entries(collections).filter(
        ([name, c]) => mine[name] !== undefined && mine[name] !== c.digest,
      )
      const missing = Object.entries(collections).filter(([name, c]) => mine[name] === undefined && c.digest !== empty)
      if (other.length === 0 && missing.length === 0) return true
      // Jobs of the server may have changed a row since: a difference that stays is one.
      await page.evaluate(() => window.chaos.wake())
      await sleep(1_500)
      if (i === 4) this.o.say(`differs in ${[...other, ...missing].map(([name]) => name).join(', ')}`)
    }
    return false
  }
}
// The first half of SHA-256 of nothing.
const empty = 'e3b0c44298fc1c149afbf4c8996fb924'

/** The outbox and copy as one script for the page, from the product's own sources. */
async function pageScript(): Promise<string> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: ['bench/field/page.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    define: { 'import.meta.env.PROD': 'true', 'import.meta.env.DEV': 'false' },
    loader: { '.css': 'empty' },
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}

export async function storms(o: {
  seed: number
  phones: number
  fullHang: boolean
  say: (line: string) => void
}): Promise<Storm> {
  const began = Date.now()
  const db = await database()
  const folder = mkdtempSync(join(tmpdir(), 'zhuchang-chaos-'))
  const f = await field({
    templates: true,
    world: await world({ database: db, clock: new TestClock(new Date()), demo: true }),
  })
  const port = await freePort()
  const start = () =>
    startServer(
      { DATABASE_URL: db.url, ZHUCHANG_DATA: folder, ZHUCHANG_DEMO: '0', ZHUCHANG_PUBLIC_RATE: '10000' },
      { port },
    )
  const server = await start()
  const proxy = await startProxy({ target: server.url, random: random(o.seed) })
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ],
  })
  const all = new Storms(o, f, browser, await pageScript(), start, proxy, server)
  try {
    for (let n = 0; n < o.phones; n++) {
      f.w.clock.at = new Date()
      await all.phone(n)
      o.say(
        `phone ${n + 1} of ${o.phones}, ${Math.round((Date.now() - began) / 1000)} s: ${JSON.stringify({ ...all.result, fates: proxy.count })}`,
      )
    }
  } finally {
    await browser.close()
    await proxy.close()
    await all.server.stop()
    await f.w.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { ...all.result, fates: proxy.count, seconds: Math.round((Date.now() - began) / 1000) }
}

export const tableOf = (s: Storm): Row[] => {
  const f = s.fates
  return [
    {
      what: `offline actions in Chromium (${s.phones} phones; ${s.reloads} reloads, ${s.closed} tabs closed, ${s.kills} kills of the server; ${f.dropRequest} requests and ${f.dropAnswer} answers lost, ${f.reset} resets, ${f.hang} hangs, ${f.passed} passed)`,
      atLeast: 'each exactly once, 0 lost',
      measured: `${s.applied} of ${s.actions} applied, ${s.lost} lost, ${s.twice} twice, ${s.refused} refused, ${s.stale} stale`,
      ok: s.applied === s.actions && s.lost + s.twice + s.refused + s.stale === 0,
    },
    {
      what: "hash of the device's rows equals the server's",
      atLeast: 'every phone',
      measured: `${s.phones - s.differ} of ${s.phones}`,
      ok: s.differ === 0 && s.phones > 0,
    },
  ]
}

const whole = 10_000

export const chaos = async (o: { seed: number; say: (line: string) => void }): Promise<Row[]> => {
  const actions = Number(process.env.CHAOS_ACTIONS ?? whole)
  return tableOf(await storms({ ...o, phones: Math.ceil(actions / actionsAPhone), fullHang: actions >= whole }))
}
