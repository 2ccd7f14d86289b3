// What engineers write on a worksheet. All of it may come late from a phone that was offline: fields merge by the time
// at which they were written, lines append, and nothing is refused for the state of the visit.

import type { z } from 'zod'
import type { worksheetsRoutes } from '#contracts/worksheets.schema'
import type { Ctx } from '../../platform/context'
import { fail } from '../../platform/errors'
import { mergeFields } from '../../platform/merge'
import { authorise, hasAbility } from '../../platform/policy'
import { assetBySerial, findOrCreateAsset } from '../customers'
import { flowFacts } from '../documents'
import { lockOrder, momentOf, orderAboutAsset, proposeOrder } from '../workorders'
import { fits } from './rules'
import { factsOf } from './sheet'
import type { Sheet } from './store'
import * as store from './store'

type BodyOf<K extends keyof typeof worksheetsRoutes> = (typeof worksheetsRoutes)[K] extends {
  body: infer B extends z.ZodType
}
  ? z.output<B>
  : never

/** A worksheet with all that stands on it; undefined when the visit has none. */
export async function wholeOf(ctx: Pick<Ctx, 'db'>, visitId: string): Promise<Sheet | undefined> {
  const row = await store.find(ctx.db, visitId)
  return row && (await store.whole(ctx.db, [row]))[0]
}

export async function readable(ctx: Ctx, visitId: string): Promise<Sheet> {
  const s = await wholeOf(ctx, visitId)
  if (!s) return fail('not_found')
  authorise(ctx.actor, 'worksheet.read', s, 'worksheet.read')
  return s
}

interface Open {
  s: Sheet
  at: Date
  flags: string[]
  me: { by_id: string | null; by_name: string }
}

/** The worksheet, locked, if the actor works on it. What the phone of a former holder did offline is heard as well. */
async function open(ctx: Ctx, visitId: string): Promise<Open> {
  const seen = await store.find(ctx.db, visitId)
  if (!seen) return fail('not_found')
  await store.lock(ctx.db, seen.visit_id)
  const s = (await wholeOf(ctx, seen.visit_id)) as Sheet
  const me = ctx.actor.id
  const { at, flags } = momentOf(ctx, 0)
  const late = ctx.command?.offline && me !== null && s.former.includes(me) && hasAbility(ctx.actor, 'worksheet.work')
  if (late) flags.push('other_engineer')
  else authorise(ctx.actor, 'worksheet.work', s, 'worksheet.read')
  return { s, at, flags, me: { by_id: me, by_name: ctx.actor.name } }
}

async function conclude(
  ctx: Ctx,
  o: Open,
  type: string,
  payload: Record<string, unknown>,
  more: { flags?: string[]; personal?: Record<string, unknown> } = {},
): Promise<Sheet> {
  await store.touch(ctx.db, o.s.visit_id, ctx.now)
  await ctx.emit({
    type: `worksheet.${type}`,
    aggregate: 'worksheet',
    aggregateId: o.s.visit_id,
    payload: { orderId: o.s.order_id, visitId: o.s.visit_id, ...payload },
    occurredAt: o.at,
    flags: [...o.flags, ...(more.flags ?? [])],
    scope: { team_id: o.s.team_id, customer_id: o.s.customer_id, people: o.s.people },
    ...(more.personal ? { personal: more.personal } : {}),
  })
  const s = (await wholeOf(ctx, o.s.visit_id)) as Sheet
  await flowFacts(ctx, s.visit_ids, { work: factsOf(s) })
  return s
}

function itemOf(s: Sheet, checklistId: string, key: string) {
  const item = s.lists.find((l) => l.checklist_id === checklistId)?.body.items.find((i) => i.key === key)
  return item ?? fail('check_unknown')
}

/** Answers an item. Of two answers the later one stands, by the time at which it was given; the other is kept as lost. */
export async function answer(ctx: Ctx, visitId: string, b: BodyOf<'answerCheck'>): Promise<Sheet> {
  const o = await open(ctx, visitId)
  const item = itemOf(o.s, b.checklistId, b.item)
  if (b.value !== undefined && b.value !== null && !fits(item, b.value))
    fail('check_value_wrong', { item: item.label.zh })
  const note = b.note === undefined ? undefined : b.note || null
  const before = (field: 'value' | 'note') =>
    o.s.answers.find((a) => a.checklist_id === b.checklistId && a.item === b.item && a.field === field)
  const given = (
    [
      ['value', b.value],
      ['note', note],
    ] as const
  ).flatMap(([field, value]) =>
    value === undefined ? [] : [{ field, value, key: `${b.checklistId}/${b.item}/${field}` }],
  )
  const lost = await mergeFields(
    ctx,
    {
      aggregate: 'worksheet',
      aggregateId: o.s.visit_id,
      listedIn: 'keys',
      scope: { team_id: o.s.team_id, customer_id: o.s.customer_id, people: o.s.people },
      visitId: o.s.visit_id,
      orderId: o.s.order_id,
      title: null,
    },
    o.at,
    given.map((g) => ({
      field: g.key,
      value: g.value,
      current: before(g.field)?.value ?? null,
      label: { zh: item.label.zh, en: item.label.en || item.label.zh },
      ...(g.field === 'value' && b.base !== undefined ? { base: b.base } : {}),
    })),
  )
  const kept = given.filter(({ field, key }) => !lost.has(key) && (before(field)?.at ?? o.at) <= o.at)
  for (const { field, value } of kept)
    await store.putAnswer(ctx.db, {
      visit_id: o.s.visit_id,
      checklist_id: b.checklistId,
      item: b.item,
      field,
      value,
      at: o.at,
      recorded_at: ctx.now,
      ...o.me,
    })
  return conclude(ctx, o, 'answered', {
    checklistId: b.checklistId,
    item: b.item,
    // What stands by this event; a word that lost is in the inbox.
    keys: kept.map((g) => g.key),
    ...(b.value !== undefined ? { value: b.value } : {}),
    ...(note !== undefined ? { note } : {}),
  })
}

/** An order for what failed, as a draft for the dispatcher; the engineer has confirmed its words. */
export async function followUp(ctx: Ctx, visitId: string, b: BodyOf<'proposeFollowUp'>): Promise<Sheet> {
  const seen = await store.find(ctx.db, visitId)
  if (!seen) return fail('not_found')
  // The order first, always: visits lock theirs before anything that hangs on it.
  await lockOrder(ctx, seen.order_id)
  const o = await open(ctx, visitId)
  const item = itemOf(o.s, b.checklistId, b.item)
  if (o.s.followUps.some((f) => f.order_id === b.followUpId)) return o.s
  const order = await proposeOrder(ctx, {
    id: b.followUpId,
    fromOrderId: o.s.order_id,
    title: b.title,
    text: b.text,
    type: b.type,
    priority: b.priority,
  })
  await store.insertFollowUp(ctx.db, {
    orderId: order.id,
    sheetId: o.s.visit_id,
    checklistId: b.checklistId,
    item: b.item,
    now: ctx.now,
  })
  return conclude(ctx, o, 'follow_up_proposed', {
    checklistId: b.checklistId,
    item: b.item,
    label: item.label,
    followUpId: order.id,
    number: order.number,
    title: b.title,
  })
}

export async function usePart(ctx: Ctx, visitId: string, b: BodyOf<'usePart'>): Promise<Sheet> {
  const o = await open(ctx, visitId)
  const before = await store.findPartLine(ctx.db, b.lineId)
  if (before && before.visit_id !== o.s.visit_id) fail('line_elsewhere')
  const part = b.partId ? await store.findPart(ctx.db, b.partId) : undefined
  // The catalogue's own words for what comes from it; a part that is gone from it is a line of free text.
  if (!before || before.at <= o.at)
    await store.putPartLine(ctx.db, {
      id: b.lineId,
      visit_id: o.s.visit_id,
      part_id: part?.id ?? null,
      number: part?.number ?? b.number,
      name: part?.name ?? b.name,
      qty: b.qty,
      unit: part?.unit ?? b.unit,
      serial_in: b.serialIn,
      serial_out: b.serialOut,
      returned: b.returned,
      note: b.note,
      at: o.at,
      dropped_at: null,
      ...o.me,
    })
  return conclude(ctx, o, before ? 'part_corrected' : 'part_used', {
    lineId: b.lineId,
    number: part?.number ?? b.number,
    name: part?.name ?? b.name,
    qty: b.qty,
    unit: part?.unit ?? b.unit,
  })
}

export async function dropPart(ctx: Ctx, visitId: string, b: BodyOf<'dropPart'>): Promise<Sheet> {
  const o = await open(ctx, visitId)
  const line = await store.findPartLine(ctx.db, b.lineId)
  // A line that is gone already, or that the phone never came to send, is what was wanted.
  if (line?.visit_id !== o.s.visit_id || line.dropped_at) return o.s
  await store.dropPartLine(ctx.db, line.id, o.at)
  return conclude(ctx, o, 'part_dropped', { lineId: line.id, name: line.name })
}

export async function addNote(ctx: Ctx, visitId: string, b: BodyOf<'addWorkNote'>): Promise<Sheet> {
  const o = await open(ctx, visitId)
  const before = await store.findNote(ctx.db, b.noteId)
  if (before && before.visit_id !== o.s.visit_id) fail('line_elsewhere')
  if (before) return o.s
  if (b.text === '' && !b.audioId) fail('note_empty')
  await store.insertNote(ctx.db, {
    id: b.noteId,
    visit_id: o.s.visit_id,
    text: b.text,
    visibility: b.visibility,
    audio_id: b.audioId,
    at: o.at,
    changed_at: o.at,
    ...o.me,
  })
  return conclude(
    ctx,
    o,
    'noted',
    { noteId: b.noteId, visibility: b.visibility, spoken: b.audioId !== null },
    // Free words may name anybody: the chain holds their hash.
    { personal: { text: b.text } },
  )
}

export async function editNote(ctx: Ctx, visitId: string, b: BodyOf<'editWorkNote'>): Promise<Sheet> {
  const o = await open(ctx, visitId)
  const n = await store.findNote(ctx.db, b.noteId)
  if (n?.visit_id !== o.s.visit_id) return fail('note_unknown')
  if (n.by_id !== ctx.actor.id) fail('note_of_other')
  const next = { text: b.text ?? n.text, visibility: b.visibility ?? n.visibility }
  if (next.text === '' && !n.audio_id) fail('note_empty')
  if (n.changed_at <= o.at) await store.saveNote(ctx.db, { id: n.id, ...next, changed_at: o.at })
  return conclude(
    ctx,
    o,
    'note_corrected',
    { noteId: n.id, visibility: next.visibility },
    { personal: { text: next.text } },
  )
}

/** What a scanned number is here; registers it or puts the order right where the engineer asked for it. */
export async function scan(ctx: Ctx, visitId: string, b: BodyOf<'scanSerial'>): Promise<Sheet> {
  const seen = await store.find(ctx.db, visitId)
  if (!seen) return fail('not_found')
  await lockOrder(ctx, seen.order_id)
  const o = await open(ctx, visitId)
  const before = await store.findSerial(ctx.db, b.scanId)
  if (before && before.visit_id !== o.s.visit_id) fail('line_elsewhere')
  const customerId = o.s.customer_id as string
  let asset = await assetBySerial(ctx, customerId, b.serial)
  let outcome: store.SerialRow['outcome'] = !asset
    ? 'unknown'
    : asset.siteId === null || asset.siteId === o.s.site_id
      ? 'found'
      : 'elsewhere'
  if (!asset && b.purpose === 'register') {
    await findOrCreateAsset(ctx, customerId, {
      serial: b.serial,
      model: b.model,
      name: b.name,
      siteId: o.s.site_id,
    })
    asset = await assetBySerial(ctx, customerId, b.serial)
    outcome = 'registered'
  }
  if (b.purpose === 'correct') {
    if (asset && outcome === 'found') {
      await orderAboutAsset(ctx, o.s.order_id, asset.id)
      outcome = 'corrected'
    } else if (!ctx.command?.offline) fail('serial_elsewhere', { serial: b.serial })
  }
  await store.putSerial(ctx.db, {
    id: b.scanId,
    visit_id: o.s.visit_id,
    serial: asset?.serial ?? b.serial,
    outcome,
    asset_id: asset?.id ?? null,
    at: o.at,
    ...o.me,
  })
  return conclude(ctx, o, 'scanned', {
    serial: asset?.serial ?? b.serial,
    outcome,
    assetId: asset?.id ?? null,
    asset: asset?.name ?? null,
  })
}
