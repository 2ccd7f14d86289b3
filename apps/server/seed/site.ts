// Requests, escalations, handovers and reported problems of the last days, made through the product's own commands by
// people whose visits fit; and the documents that those who left in a hurry still owe.

import { keepPending } from '../src/modules/requests/papers'
import type { App } from '../src/platform/app'
import { sql, wrap } from '../src/platform/database/pool'
import { eventColumns, type StoredEvent } from '../src/platform/events'
import { derivedId } from '../src/platform/ids'
import { Hands } from './hands'
import { castOf, DEMO_ENGINEER, personId } from './story'
import type { RegionKey } from './story/company'
import { siteEscalations, siteHandovers, siteReports, siteRequests } from './story/site'
import { MINUTE, minuteOf } from './story/time'

interface Seen {
  id: string
  order_id: string
  engineer_id: string
  state: string
  planned_end: Date
}

const HOUR = 60 * MINUTE
const names: Record<RegionKey, string> = { east: '华东', north: '华北', south: '华南' }

export async function seedSite(app: App, clock: { ms: number }, seed: string, now: number): Promise<void> {
  const hands = new Hands(app)
  const db = wrap(app.pool)
  const me = personId(seed, DEMO_ENGINEER)
  const used = new Set<string>()

  /** A visit of the region that nothing has been told of yet; the demo engineer's own, or anybody else's. */
  async function visitOf(region: RegionKey, mine: boolean, states: readonly string[]): Promise<Seen | undefined> {
    const rows = await db.query<Seen>(sql`
      select v.id, v.order_id, v.engineer_id, v.state, v.planned_end from visits v join teams t on t.id = v.team_id
        join teams r on r.id = any(t.path) and r.kind = 'region'
      where r.name like ${`%${names[region]}%`} and v.mode = 'onsite' and v.state = any(${states}) and v.people @> array[v.engineer_id]
        and (v.engineer_id = ${me}) = ${mine} and v.planned_start between ${new Date(now - 96 * HOUR)} and ${new Date(now + 60 * HOUR)}
      order by abs(extract(epoch from v.planned_start - ${new Date(now)}::timestamptz)), v.id limit 40`)
    const v = rows.find((r) => !used.has(r.id))
    if (v) used.add(v.id)
    return v
  }
  const at = (hoursAgo: number, afterMin = 0) => {
    // Long ago is within the hours of a working day: nobody asks for a power module at three in the morning.
    let then = now - hoursAgo * HOUR
    while (hoursAgo > 8 && [20, 21, 22, 23, 0, 1, 2, 3, 4, 5, 6, 7, 8].includes((minuteOf(then) / 60) | 0)) then -= HOUR
    clock.ms = Math.min(now, then + afterMin * MINUTE)
  }
  /** What does not fit this seed's day is left out: a demo is no reason to fail. */
  const step = async (work: () => Promise<unknown>) => {
    try {
      await work()
    } catch (error) {
      app.log.info({ error }, 'something from the site does not fit')
    }
  }
  const running = ['working', 'on_site', 'paused', 'en_route', 'taken', 'finished']

  for (const [i, r] of siteRequests.entries())
    await step(async () => {
      const v = await visitOf(r.region, r.mine ?? false, running)
      if (!v) return
      const id = derivedId(seed, 'request', String(i))
      const asker = await hands.person(v.engineer_id)
      const { dispatcher } = castOf(seed, r.region)
      const desk = await hands.person(dispatcher)
      at(r.hoursAgo)
      await hands.does(asker, 'request.ask', {
        params: { id: v.id },
        body: {
          id,
          kind: r.kind,
          urgency: r.urgency,
          reason: r.reason,
          ...(r.parts ? { parts: r.parts } : {}),
          ...(r.kind === 'time' ? { until: new Date(v.planned_end.getTime() + HOUR).toISOString() } : {}),
        },
      })
      if (!r.answer) return
      at(r.hoursAgo, r.answer.afterMin)
      const { how, words, done } = r.answer
      if (how === 'accepted') await hands.does(desk, 'request.accept', { params: { id } })
      else if (how === 'answered') await hands.does(desk, 'request.answer', { params: { id }, body: { answer: words } })
      else if (how === 'approved')
        await hands.does(desk, 'request.approve', {
          params: { id },
          body: { answer: words, readyAt: new Date(now + 20 * HOUR).toISOString() },
        })
      else await hands.does(desk, 'request.decline', { params: { id }, body: { answer: words } })
      if (!done) return
      at(r.hoursAgo, r.answer.afterMin + 25)
      await hands.does(asker, 'request.done', { params: { id } })
    })

  for (const [i, e] of siteEscalations.entries())
    await step(async () => {
      const v = await visitOf(e.region, e.mine ?? false, ['finished', ...running])
      if (!v) return
      const id = derivedId(seed, 'escalation', String(i))
      const raiser = await hands.person(v.engineer_id)
      const owner = await db.maybe<{ id: string }>(sql`select u.id from users u join user_grants g on g.user_id = u.id
        where g.role = 'quality' and u.disabled_at is null order by u.id limit 1`)
      const { supervisor } = castOf(seed, e.region)
      const who = await hands.person(owner?.id ?? supervisor)
      at(e.hoursAgo)
      await hands.does(raiser, 'escalation.raise', {
        params: { id: v.order_id },
        body: {
          id,
          to: e.to,
          priority: e.priority,
          title: e.title,
          symptom: e.symptom,
          steps: e.steps,
          environment: e.environment,
          reproducible: e.reproducible,
          visitId: v.id,
          ...(e.logs ? { logs: e.logs } : {}),
        },
      })
      const does: Record<string, () => Promise<unknown>> = {
        take: () => hands.does(who, 'escalation.take', { params: { id } }),
        ask: () => hands.does(who, 'escalation.ask', { params: { id }, body: { question: e.words } }),
        answer: () => hands.does(who, 'escalation.answer', { params: { id }, body: { answer: e.words } }),
        close: () => hands.does(raiser, 'escalation.close', { params: { id }, body: { solved: true } }),
      }
      for (const [n, verb] of (e.after ?? []).entries()) {
        at(e.hoursAgo, 40 + n * 90)
        await does[verb]?.()
      }
      if (e.externalRef)
        await hands.does(who, 'escalation.link', {
          params: { id },
          body: { externalRef: e.externalRef, externalUrl: null },
        })
    })

  for (const [i, h] of siteHandovers.entries())
    await step(async () => {
      const v = await visitOf(h.region, false, ['taken'])
      if (!v) return
      const colleague = await db.maybe<{
        id: string
      }>(sql`select e.user_id as id from engineers e join users u on u.id = e.user_id
        join users g on g.id = ${v.engineer_id} where u.team_id = g.team_id and u.id <> g.id and u.disabled_at is null order by u.id limit 1`)
      const toId = h.toMe ? me : colleague?.id
      if (!toId) return
      const id = derivedId(seed, 'handover', String(i))
      const giver = await hands.person(v.engineer_id)
      at(h.hoursAgo)
      await hands.does(giver, 'handover.offer', {
        params: { id: v.id },
        body: {
          id,
          toId,
          reason: h.reason,
          remaining: h.remaining,
          ...(h.keys ? { keys: h.keys } : {}),
          ...(h.promises ? { promises: h.promises } : {}),
        },
      })
      at(h.hoursAgo, 12)
      const taker = await hands.person(toId)
      if (h.after === 'decline')
        await hands.does(taker, 'handover.decline', { params: { id }, body: { answer: h.words } })
      if (h.after === 'accept') await hands.does(taker, 'handover.accept', { params: { id } })
    })

  for (const [i, p] of siteReports.entries())
    await step(async () => {
      const v = await visitOf(p.region, p.mine ?? false, running)
      if (!v) return
      at(p.hoursAgo)
      await hands.does(await hands.person(v.engineer_id), 'order.report', {
        params: { id: v.id },
        body: { id: derivedId(seed, 'report', String(i)), title: p.title, text: p.text, priority: p.priority },
      })
    })

  // History was written at once, without reactions: what its last days left to follow is put where a finish puts it.
  clock.ms = now
  const left = await db.query<StoredEvent>(sql`select ${eventColumns} from events
    where type = 'visit.finished' and occurred_at > ${new Date(now - 60 * HOUR)} and jsonb_array_length(coalesce(payload -> 'pendingDocuments', '[]')) > 0
    order by occurred_at desc limit 12`)
  await app.asSystem('demo.papers', async (ctx) => {
    for (const e of left) await keepPending(ctx, e)
  })
}
