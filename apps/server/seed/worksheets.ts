// Worksheets of the demo: what was checked, used and noted on the visits of the last weeks.

import { ChecklistBody } from '#contracts/worksheets.schema'
import { missingItems, shownItems, verdictOf, type workFacts } from '#lifecycle/worksheet'
import { asksFor, type Body, type Item, type Value } from '../src/modules/worksheets/rules'
import { factsOf as sheetFacts } from '../src/modules/worksheets/sheet'
import type { Sheet } from '../src/modules/worksheets/store'
import type { Db } from '../src/platform/database/pool'
import { derivedId } from '../src/platform/ids'
import type { Book, Told, ToldVisit } from './book'
import { insertRows, time } from './rows'
import { Rng } from './story/rng'
import { at, DAY } from './story/time'
import {
  customerNotes,
  partsFor,
  type StoryChecklist,
  type StoryPart,
  siteNotes,
  tellChecklists,
  tellParts,
} from './story/worksheets'

/** How far back worksheets were filled: the company began with them then. */
const worksheetDays = 75

interface Kit {
  lists: StoryChecklist[]
  parts: StoryPart[]
}
const kits = new Map<string, Kit>()
const kitOf = (seed: string): Kit => {
  const known = kits.get(seed) ?? {
    lists: tellChecklists(seed).map((l) => ({ ...l, body: ChecklistBody.parse(l.body) })),
    parts: tellParts(seed),
  }
  kits.set(seed, known)
  return known
}

/** Checklists and catalogue, set up by operations before the first worksheet. */
export async function writeKit(
  db: Db,
  seed: string,
  o: { now: number; by: { id: string; name: string } },
): Promise<void> {
  const { lists, parts } = kitOf(seed)
  const made = { changed_at: time(o.now), changed_by: o.by.id, changed_by_name: o.by.name }
  await insertRows(
    db,
    'checklists',
    lists.map((l) => ({ id: l.id, version: 1, retired: false, rev: 1, ...made })),
  )
  await insertRows(
    db,
    'checklist_versions',
    lists.map((l) => ({
      checklist_id: l.id,
      version: 1,
      order_types: [...l.orderTypes],
      models: [...l.models],
      body: l.body,
      created_at: time(o.now),
      created_by: o.by.id,
      created_by_name: o.by.name,
    })),
  )
  await insertRows(
    db,
    'parts',
    parts.map((p) => ({ ...p, models: [...p.models], archived: false, rev: 1, ...made })),
  )
}

/** One believable answer; now and then something fails. */
export function answerOf(item: Item, rng: Rng, about: { serial: string | null; failing: boolean }): Value | null {
  const fail = about.failing && rng.chance(0.12)
  switch (item.kind) {
    case 'passFail':
      return fail ? 'fail' : rng.chance(0.04) ? 'na' : 'pass'
    case 'number': {
      const low = item.min ?? (item.max !== undefined ? item.max * 0.2 : 1)
      const high = item.max ?? low + Math.max(10, Math.abs(low))
      const value = fail && item.max !== undefined ? item.max * 1.08 : low + (high - low) * rng.between(0.25, 0.75)
      return Math.abs(value) < 10 ? Math.round(value * 10) / 10 : Math.round(value)
    }
    case 'choice': {
      const good = (item.options ?? []).filter((o) => !o.fails)
      const bad = (item.options ?? []).filter((o) => o.fails)
      return fail && bad.length > 0 ? rng.pick(bad).value : rng.pick(good).value
    }
    case 'text':
      return /版本/.test(item.label.zh) ? 'V5.1.3 → V5.2.1' : '已现场核实，见照片与说明'
    case 'scan':
      return about.serial
    default:
      return null
  }
}

/** What an engineer in a hurry answers: everything required, in order, conditions followed. */
export function plainAnswers(
  body: Body,
  known: Readonly<Record<string, Value | null>>,
  rng: Rng,
  about: { serial: string | null; failing: boolean },
): Record<string, Value> {
  const values: Record<string, Value | null> = { ...known }
  const out: Record<string, Value> = {}
  for (let round = 0; round < 40; round++) {
    const item = missingItems(body.items, values)[0]
    if (!item) break
    const value = answerOf(item, rng, about)
    // A photo cannot be made up: what asks for one is answered so that it is not asked.
    if (value === null) {
      const asked = item.when && body.items.find((i) => i.key === item.when?.item)
      if (!asked) break
      values[asked.key] = 'pass'
      out[asked.key] = 'pass'
      continue
    }
    values[item.key] = value
    out[item.key] = value
  }
  return out
}

const notOf = (rng: Rng) =>
  rng.pick(['现场看到有锈蚀', '读数偏高，已告知客户', '上次已提过，客户还没处理', '备件不在手上，下次带'])

/** The worksheet of a visit as it was left; null where there was none. `facts` are what flowed into its document. */
export function writeSheet(book: Book, told: Told, v: ToldVisit): { facts: ReturnType<typeof workFacts> } | null {
  const { fold } = v
  if (fold.takenAt === null || fold.role !== 'lead') return null
  if (fold.planned.start < at(book.story.today.date) - worksheetDays * DAY) return null
  if (['declined', 'cancelled', 'reassigned'].includes(fold.state)) return null
  const { lists, parts } = kitOf(book.seed)
  const rng = new Rng(`${book.seed}/sheet/${fold.id}`)
  const asset = book.story.customers.assets.find((a) => a.id === told.fold.facts.assetId) ?? null
  const crew = told.visits.filter(
    (o) =>
      o.fold.role !== 'lead' &&
      o.fold.takenAt !== null &&
      o.fold.planned.start < fold.planned.end &&
      fold.planned.start < o.fold.planned.end,
  )
  const people = [...new Set([v, ...crew].flatMap((o) => o.scope.people))]
  const scope = { ...v.scope, people }
  const name = book.names.get(fold.engineerId ?? '') ?? '—'
  const by = { by_id: fold.engineerId, by_name: name }
  const start = fold.startedAt ?? fold.arrivedAt
  const end = fold.finishedAt ?? fold.endedAt
  const worked = start !== null && end !== null && fold.result !== null && fold.result !== 'unable'
  const mine = lists.filter((l) =>
    asksFor({ order_types: l.orderTypes, models: l.models }, told.fold.facts.type, asset?.model ?? null),
  )
  const sheet: Sheet = {
    visit_id: fold.id,
    order_id: told.story.id,
    visit_ids: [fold.id, ...crew.map((o) => o.fold.id)],
    former: [],
    rev: 1,
    begun_at: new Date(fold.takenAt),
    changed_at: new Date(fold.takenAt),
    site_id: fold.siteId,
    asset_id: told.fold.facts.assetId ?? null,
    ...scope,
    lists: mine.map((l) => ({ visit_id: fold.id, checklist_id: l.id, version: 1, body: l.body as Body })),
    answers: [],
    parts: [],
    notes: [],
    serials: [],
    followUps: [],
  }
  const moment = (share: number) => new Date(Math.round((start ?? 0) + ((end ?? 0) - (start ?? 0)) * share))
  if (worked) {
    for (const l of mine) {
      const body = l.body as Body
      const values: Record<string, Value | null> = {}
      const add = (item: Item, value: Value, share: number) => {
        values[item.key] = value
        const when = moment(share)
        const row = { visit_id: fold.id, checklist_id: l.id, item: item.key, at: when, recorded_at: when, ...by }
        sheet.answers.push({ ...row, field: 'value', value })
        if (verdictOf(item, value) === 'fail') sheet.answers.push({ ...row, field: 'note', value: notOf(rng) })
      }
      const required = plainAnswers(body, {}, rng, { serial: asset?.serial ?? null, failing: true })
      for (const item of body.items) {
        const value =
          required[item.key] ??
          (rng.chance(0.7) ? answerOf(item, rng, { serial: asset?.serial ?? null, failing: true }) : null)
        if (value !== null && value !== undefined && shownItems(body.items, values).some((i) => i.key === item.key))
          add(item, value, 0.1 + (0.8 * (body.items.indexOf(item) + 1)) / body.items.length)
      }
    }
    if (told.fold.facts.type === 'repair' && rng.chance(0.55)) {
      const fitting = partsFor(parts, asset?.model ?? null)
      for (const p of rng.sample(fitting.length > 0 ? fitting : parts.slice(0, 12), rng.int(1, 2)))
        sheet.parts.push({
          id: derivedId(fold.id, 'part', p.number),
          visit_id: fold.id,
          part_id: p.id,
          number: p.number,
          name: p.name,
          qty: p.serial ? 1 : rng.int(1, 3),
          unit: p.unit,
          serial_in: p.serial ? `${p.number}-${rng.int(10_000, 99_999)}` : null,
          serial_out: p.serial && rng.chance(0.6) ? `${p.number}-${rng.int(10_000, 99_999)}` : null,
          returned: p.serial && rng.chance(0.5),
          note: null,
          at: moment(0.6),
          dropped_at: null,
          ...by,
        })
    }
    if (asset?.serial && rng.chance(0.5))
      sheet.serials.push({
        id: derivedId(fold.id, 'serial'),
        visit_id: fold.id,
        serial: asset.serial,
        outcome: 'found',
        asset_id: asset.id,
        asset_name: asset.name,
        asset_model: asset.model,
        at: moment(0.1),
        ...by,
      })
    for (const [share, chance, visibility, said] of [
      [0.7, 0.25, 'internal', siteNotes],
      [0.9, 0.3, 'customer', customerNotes],
    ] as const)
      if (rng.chance(chance))
        sheet.notes.push({
          id: derivedId(fold.id, 'note', visibility),
          visit_id: fold.id,
          text: rng.pick(said),
          visibility,
          audio_id: null,
          at: moment(share),
          changed_at: moment(share),
          ...by,
        })
    sheet.answers.sort((a, b) =>
      `${a.checklist_id}${a.item}${a.field}` < `${b.checklist_id}${b.item}${b.field}` ? -1 : 1,
    )
  }
  put(book, sheet, worked ? moment(1) : sheet.begun_at)
  return { facts: sheetFacts(sheet) as ReturnType<typeof workFacts> }
}

function put(book: Book, s: Sheet, changed: Date): void {
  const iso = (d: Date) => d.toISOString()
  book.put('worksheets', {
    visit_id: s.visit_id,
    order_id: s.order_id,
    visit_ids: s.visit_ids,
    former: s.former,
    begun_at: iso(s.begun_at),
    changed_at: iso(changed),
    rev: 1 + s.answers.length + s.parts.length + s.notes.length,
    team_id: s.team_id,
    customer_id: s.customer_id,
    people: s.people,
  })
  for (const l of s.lists)
    book.put('worksheet_lists', {
      visit_id: l.visit_id,
      checklist_id: l.checklist_id,
      version: l.version,
      begun_at: iso(s.begun_at),
    })
  for (const a of s.answers) book.put('worksheet_answers', { ...a, at: iso(a.at), recorded_at: iso(a.recorded_at) })
  for (const p of s.parts) {
    book.put('worksheet_parts', { ...p, at: iso(p.at) })
    book.fact({
      type: 'worksheet.part_used',
      aggregate: 'worksheet',
      id: s.visit_id,
      key: p.id,
      at: p.at.getTime(),
      by: p.by_id,
      source: 'field',
      payload: {
        orderId: s.order_id,
        visitId: s.visit_id,
        lineId: p.id,
        number: p.number,
        name: p.name,
        qty: p.qty,
        unit: p.unit,
      },
      scope: { team_id: s.team_id, customer_id: s.customer_id, people: [...s.people] },
    })
  }
  for (const n of s.notes) book.put('worksheet_notes', { ...n, at: iso(n.at), changed_at: iso(n.changed_at) })
  for (const x of s.serials) {
    const { asset_name: _n, asset_model: _m, ...row } = x
    book.put('worksheet_serials', { ...row, at: iso(x.at) })
  }
}
