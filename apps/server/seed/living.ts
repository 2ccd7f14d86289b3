// The demo goes on: what its people would do by now is done, every minute, through the same commands as everyone's.
// It looks at how things stand and takes the next step that is due, so that whatever a visitor has changed is simply
// how things stand. Where a visitor is signed in as somebody, that person acts by the visitor's hand alone.

import { isWorkday } from '#calendar'
import { distanceM } from '#geo'
import type { VisitState } from '#lifecycle'
import { readPolicy } from '../src/modules/dispatch/policy'
import { recommend } from '../src/modules/dispatch/ranking'
import { findSubject, problemFor } from '../src/modules/dispatch/subject'
import { rebuildMetrics } from '../src/modules/metrics'
import { companyCalendar } from '../src/modules/people'
import { answerSurvey } from '../src/modules/surveys'
import { acceptOrder } from '../src/modules/workorders'
import { makeOrder } from '../src/modules/workorders/commands'
import type { App, Module } from '../src/platform/app'
import { type Db, sql, wrap } from '../src/platform/database/pool'
import { derivedId } from '../src/platform/ids'
import { Hands } from './hands'
import { signatureOf } from './pictures'
import { castOf, DEMO_ENGINEER, deviceIdOf, personId } from './story'
import { Rng } from './story/rng'
import { addDays, at, clock, DAY, dateOf, MINUTE, minuteOf } from './story/time'

/** The job that keeps the demo alive. */
export const living = (app: () => App, seed: string): Module => ({
  name: 'demo',
  jobs: [{ name: 'demo.tick', every: '* * * * *', run: () => new Living(app(), seed).tick() }],
})

/** No more in one minute, whatever has piled up. */
const most = 24
/** Who was here this lately may be at the keys. */
const presentMin = 30

interface DueVisit {
  id: string
  engineer_id: string
  order_id: string
  user_name: string
  fold: VisitState
  lat: number | null
  lng: number | null
  datum: 'wgs84' | 'gcj02' | null
  radius_m: number | null
  contact_id: string | null
  contact_name: string | null
  contact_title: string | null
}

export class Living {
  readonly #hands: Hands
  readonly #now: number
  #left = most

  constructor(
    readonly app: App,
    readonly seed: string,
  ) {
    this.#hands = new Hands(app)
    this.#now = app.clock.now().getTime()
  }

  get #db(): Db {
    return wrap(this.app.pool)
  }

  /** The same dice for the same thing, however often it is looked at. */
  #dice(...of: string[]): Rng {
    return new Rng(of.join('/'))
  }

  async tick(): Promise<void> {
    const demo = await this.#db.maybe(
      sql`select 1 from users where id = ${personId(this.seed, DEMO_ENGINEER)} and demo`,
    )
    if (!demo) return
    // A seed that was cut short has history and no numbers yet.
    if (!(await this.#db.maybe(sql`select 1 from facts limit 1`)))
      await this.app.asSystem('metrics.rebuild', (ctx) => rebuildMetrics(ctx))
    const minute = minuteOf(this.#now)
    if (minute < clock(7) || minute > clock(22)) return
    for (const work of [this.#visits, this.#acceptances, this.#answers, this.#requests, this.#desk, this.#closing])
      await work.call(this)
  }

  /** One step; what does not fit any more is left to people. */
  async #try(step: () => Promise<unknown>): Promise<void> {
    if (this.#left <= 0) return
    this.#left--
    try {
      await step()
    } catch (error) {
      this.app.log.info({ error }, 'a step of the demo does not fit')
    }
  }

  #present(): Promise<{ user_id: string }[]> {
    return this.#db.query(sql`select distinct user_id from sessions
      where ended_at is null and last_seen_at > ${new Date(this.#now - presentMin * MINUTE)}`)
  }

  // ── the field ──

  async #visits(): Promise<void> {
    const rows = await this.#db.query<DueVisit>(sql`
      select v.id, v.engineer_id, v.order_id, u.user_name, v.fold, s.lat, s.lng, s.datum, s.radius_m,
        c.id as contact_id, c.name as contact_name, c.title as contact_title
      from visits v join users u on u.id = v.engineer_id join orders o on o.id = v.order_id
      left join sites s on s.id = v.site_id left join contacts c on c.id = o.contact_id
      where u.demo and u.id <> ${personId(this.seed, DEMO_ENGINEER)}
        and (v.state = 'offered' or (v.state in ('taken', 'en_route', 'on_site', 'working', 'paused')
          and v.planned_start between ${new Date(this.#now - 14 * 60 * MINUTE)} and ${new Date(this.#now + 14 * 60 * MINUTE)}))
        and not exists (select 1 from sessions x where x.user_id = u.id and x.ended_at is null
          and x.last_seen_at > ${new Date(this.#now - presentMin * MINUTE)})
      order by v.planned_start, v.id`)
    for (const v of rows) {
      const step = this.#next(v)
      if (step) await this.#try(step)
    }
  }

  /** What the engineer does next, if it is time for it. */
  #next(v: DueVisit): (() => Promise<unknown>) | null {
    const f = v.fold
    const dice = this.#dice(v.id, f.state)
    const due = (from: number | null, low: number, high: number) =>
      from !== null && this.#now >= from + dice.between(low, high) * MINUTE
    const device = { id: deviceIdOf(this.seed, v.user_name), at: new Date(this.#now) }
    const does = async (command: string, body: unknown = {}) =>
      this.#hands.does(await this.#hands.person(v.engineer_id), command, { params: { id: v.id }, body, device })
    const travel = f.travelMin ?? 20
    switch (f.state) {
      case 'offered':
        if (!due(f.offeredAt, 2, 9)) return null
        return f.openedAt === null ? () => does('visit.open') : () => does('visit.take')
      case 'taken':
        if (f.mode === 'remote') return this.#now >= f.planned.start ? () => does('visit.start') : null
        if (f.appointment === null && due(f.takenAt, 4, 20) && this.#now < f.planned.start - travel * MINUTE)
          return () =>
            does('visit.appoint', {
              start: new Date(f.planned.start).toISOString(),
              ...(v.contact_id ? { contactId: v.contact_id } : {}),
              askedBy: 'us',
            })
        return due(f.planned.start - travel * MINUTE, -14, 4) ? () => does('visit.depart') : null
      case 'en_route':
        return due(f.departedAt, travel * 0.85, travel * 1.2) ? () => does('visit.checkIn', this.#arrival(v)) : null
      case 'on_site':
        return due(f.arrivedAt, 2, 8) ? () => does('visit.start') : null
      case 'paused':
        return due(f.lastAt, 10, 25) ? () => does('visit.resume') : null
      case 'working': {
        const length = (f.planned.end - f.planned.start) / MINUTE
        return due(f.startedAt, length * 0.8, length * 1.15) ? () => this.#finish(v, device) : null
      }
      default:
        return null
    }
  }

  #arrival(v: DueVisit) {
    if (v.lat === null || v.lng === null || v.datum === null) return {}
    const dice = this.#dice(v.id, 'fix')
    const near = (v.radius_m ?? 200) * 0.5
    const point = { lat: v.lat + dice.between(-near, near) / 111_195, lng: v.lng, datum: v.datum }
    const accuracyM = dice.int(6, 30)
    // Nobody is surveyed to the millimetre, and nobody stands outside of the site's own circle.
    const off = distanceM(point, { lat: v.lat, lng: v.lng, datum: v.datum }).distanceM
    return off > near * 1.5 ? {} : { fix: { ...point, accuracyM, source: 'gps', ageMs: dice.int(1, 9) * 1000 } }
  }

  async #finish(v: DueVisit, device: { id: string; at: Date }): Promise<void> {
    const engineer = await this.#hands.person(v.engineer_id)
    await this.#hands.fillChecks(engineer, v.id, device)
    await this.#hands.fillPapers(engineer, v.id, device, null)
    await this.#hands.does(engineer, 'visit.finish', { params: { id: v.id }, body: { result: 'done' }, device })
    if (v.fold.mode === 'remote' || !v.contact_name || this.#dice(v.id, 'sign').chance(0.25)) return
    const signer = { name: v.contact_name, title: v.contact_title }
    await this.#hands.sign(engineer, v.id, device, signer, await signatureOf(v.id))
  }

  // ── the customer ──

  async #acceptances(): Promise<void> {
    const rows = await this.#db.query<{
      id: string
      awaiting_at: Date
      contact_id: string | null
      name: string | null
    }>(sql`
      select o.id, o.awaiting_at, c.id as contact_id, c.name from orders o left join contacts c on c.id = o.contact_id
      where o.state = 'awaiting_acceptance' and o.awaiting_at > ${new Date(this.#now - 3 * DAY)} order by o.awaiting_at`)
    for (const o of rows) {
      const dice = this.#dice(o.id, 'accept')
      const wait = dice.chance(0.6) ? dice.between(3, 12) : dice.between(60, 600)
      if (this.#now < o.awaiting_at.getTime() + wait * MINUTE) continue
      const customer = this.#hands.customer(o.contact_id, o.name ?? '客户')
      await this.#try(() =>
        this.#hands.within(customer, 'order.accept', 'link', (ctx) =>
          acceptOrder(ctx, o.id, { contactId: o.contact_id }),
        ),
      )
    }
  }

  async #answers(): Promise<void> {
    const rows = await this.#db.query<{
      id: string
      invited_at: Date
      contact_id: string | null
      name: string | null
    }>(sql`
      select s.id, s.invited_at, c.id as contact_id, c.name from surveys s join orders o on o.id = s.order_id
      left join contacts c on c.id = o.contact_id
      where s.state = 'invited' and s.invited_at > ${new Date(this.#now - 2 * DAY)} and s.expires_at > ${new Date(this.#now)}
      order by s.invited_at`)
    for (const s of rows) {
      const dice = this.#dice(s.id, 'answer')
      if (!dice.chance(0.47) || this.#now < s.invited_at.getTime() + dice.skewed(120, 1) * MINUTE) continue
      const bad = dice.chance(0.035)
      const rate = () => (bad ? dice.int(1, 3) : dice.int(1, 10) > 3 ? 5 : 4)
      const ratings = { overall: rate(), result: rate(), punctual: rate(), attitude: rate() }
      const tags = bad ? ['not_solved'] : dice.sample(['on_time', 'professional', 'patient', 'clean'], dice.int(0, 2))
      const customer = this.#hands.customer(s.contact_id, s.name ?? '客户')
      await this.#try(() =>
        this.#hands.within(customer, 'link.survey', 'link', (ctx) =>
          answerSurvey(ctx, s.id, { ratings, tags, words: bad ? '问题只解决了一半，还要再来一趟' : '', nps: null }, []),
        ),
      )
    }
  }

  // ── the desk ──

  /** Now and then a customer asks for what customers like him have asked for before. */
  async #requests(): Promise<void> {
    const today = dateOf(this.#now)
    const minute = minuteOf(this.#now)
    if (!isWorkday(companyCalendar('Asia/Shanghai'), today) || minute < clock(8) || minute > clock(18, 30)) return
    const slot = `${today}/${minute}`
    const dice = this.#dice(this.seed, 'request', slot)
    if (!dice.chance(0.055)) return
    const like = await this.#db.maybe<{ facts: Record<string, unknown> }>(sql`
      select fold -> 'facts' as facts from orders where state = 'closed' and project_id is null and repeat_of is null
        and type in ('repair', 'inspect', 'train') and created_at < ${new Date(this.#now - 40 * DAY)}
      order by md5(id::text || ${slot}) limit 1`)
    if (!like) return
    const { number: _n, skills, requestedStart: _r, dueAt: _d, ...rest } = like.facts
    const crm = dice.chance(0.6)
    const day = addDays(today, isWorkday(companyCalendar('Asia/Shanghai'), addDays(today, 1)) ? 1 : 3)
    const fields = {
      ...rest,
      skills: (skills as { skillId: string; level: number }[]).map((s) => ({ code: s.skillId, level: s.level })),
      dueAt: new Date(at(addDays(day, 1), clock(18))).toISOString(),
    }
    await this.#try(() =>
      this.#hands.within(
        { kind: 'integration', id: null, name: crm ? 'crm' : 'phone', locale: 'zh-CN', grants: [] },
        'order.create',
        'connector',
        (ctx) =>
          makeOrder(ctx, {
            id: derivedId(this.seed, 'request', slot),
            customerId: rest.customerId as string,
            as: 'new',
            origin: { system: crm ? 'crm' : 'hotline', externalId: slot.replaceAll('-', '').replace('/', '-') },
            createdBy: null,
            fields: fields as never,
          }),
      ),
    )
  }

  /** The dispatchers take in what came by itself and give most of it away; some stays for whoever looks in. */
  async #desk(): Promise<void> {
    const here = new Set((await this.#present()).map((p) => p.user_id))
    const rows = await this.#db.query<{
      id: string
      state: string
      created_at: Date
      region: 'east' | 'north' | 'south'
    }>(sql`
      select o.id, o.state, o.created_at, (select case when r.name like '%华东%' then 'east' when r.name like '%华北%' then 'north' else 'south' end
          from teams t join teams r on r.id = any(t.path) and r.kind = 'region' where t.id = o.team_id) as region
      from orders o where o.state in ('new', 'unassigned') and o.created_by is null
        and not exists (select 1 from visits v where v.order_id = o.id and v.state in ('planned', 'offered', 'taken'))
        and o.created_at > ${new Date(this.#now - 6 * 60 * MINUTE)} order by o.created_at`)
    for (const o of rows) {
      // Only what this file has asked for: an order of a visitor's is the visitor's.
      const asked = o.created_at.getTime()
      if (o.id !== derivedId(this.seed, 'request', `${dateOf(asked)}/${minuteOf(asked)}`) || !o.region) continue
      const { dispatcher } = castOf(this.seed, o.region)
      if (here.has(dispatcher)) continue
      const dice = this.#dice(o.id, o.state)
      const params = { id: o.id }
      const actor = await this.#hands.person(dispatcher)
      if (o.state === 'new') {
        if (this.#now < asked + dice.between(3, 14) * MINUTE) continue
        await this.#try(async () => {
          await this.#hands.does(actor, 'order.contact', { params, body: { channel: 'call' } })
          await this.#hands.does(actor, 'order.triage', { params })
        })
      } else if (dice.chance(0.8) && this.#now > asked + dice.between(20, 90) * MINUTE)
        await this.#try(() => this.#assign(o.id, dispatcher))
    }
  }

  /** The first whom the ranking gives and no rule asks about. */
  async #assign(orderId: string, dispatcher: string): Promise<void> {
    const actor = await this.#hands.person(dispatcher)
    const ctx = this.app.readContext(actor)
    const subject = await findSubject(ctx, orderId)
    if (!subject) return
    const { ranked } = recommend(await problemFor(ctx, subject, {}, await readPolicy(ctx)))
    const best = ranked.find((c) => c.findings.every((f) => f.severity === 'warn'))
    if (!best) return
    await this.#hands.does(actor, 'order.assign', {
      params: { id: orderId },
      body: { crew: [{ engineerId: best.placement.engineer.id }], start: new Date(best.placement.start).toISOString() },
    })
  }

  /** In the morning the dispatchers look over what was accepted and answered, and close it. */
  async #closing(): Promise<void> {
    const minute = minuteOf(this.#now)
    if (minute < clock(9) || minute > clock(12)) return
    const here = new Set((await this.#present()).map((p) => p.user_id))
    const rows = await this.#db.query<{ id: string; region: string }>(sql`
      select o.id, r.name as region from orders o join teams t on t.id = o.team_id join teams r on r.id = any(t.path) and r.kind = 'region'
      where o.state = 'completed' and o.survey in ('answered', 'expired') and o.completed_at < ${new Date(at(dateOf(this.#now)))}
      order by o.completed_at limit 2`)
    for (const o of rows) {
      const region = o.region.includes('华东') ? 'east' : o.region.includes('华北') ? 'north' : 'south'
      const { dispatcher } = castOf(this.seed, region)
      if (here.has(dispatcher)) continue
      await this.#try(async () =>
        this.#hands.does(await this.#hands.person(dispatcher), 'order.close', {
          params: { id: o.id },
          body: { reviewed: true },
        }),
      )
    }
  }
}
