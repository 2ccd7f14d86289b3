import { Readable } from 'node:stream'
import sharp from 'sharp'
import { z } from 'zod'
import { documentsRoutes } from '#contracts/documents.schema'
import type { ReplicaRows } from '#contracts/replica'
import { implement, implementRaw, type Module } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import type { Db } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { canonical } from '../../platform/events'
import { newId } from '../../platform/ids'
import { type FieldEdit, mergeFields } from '../../platform/merge'
import { momentOf } from '../../platform/moment'
import { authorise, hasAbility, permits, type ScopeRow } from '../../platform/policy'
import { type ReplicaRow, replica } from '../../platform/replica'
import { pageOf, readCursor } from '../../platform/search'
import { readSetting } from '../../platform/settings'
import { companySetting } from '../people'
import { renderPdf } from './pdf'
import type { PrintedPhoto } from './pdf-photos'
import { contentHash, couldHaveShown, type Missing, missing, tidy, type Values } from './rules'
import * as store from './store'
import { shippedTemplates } from './templates'

export type { DocumentRow } from './store'

const hashOf = (d: store.DocumentRow) =>
  contentHash({ templateKey: d.template_key, templateVersion: d.template_version, values: d.values, facts: d.facts })

/** A document as anybody who may read it sees it: the phone, the desk and the customer's link alike. */
export function viewDocument(d: store.DocumentRow) {
  const s = d.signature
  return {
    id: d.id,
    title: d.body.title,
    state: d.state,
    template: { key: d.template_key, version: d.template_version, orderTypes: d.order_types, body: d.body },
    values: d.values,
    facts: d.facts,
    hash: s?.document_hash ?? hashOf(d),
    filedAt: d.filed_at?.toISOString() ?? null,
    signature: s
      ? {
          signerName: s.signer_name,
          signerTitle: s.signer_title,
          method: s.method,
          at: new Date(s.signed_at).toISOString(),
          documentHash: s.document_hash,
        }
      : null,
  }
}

function present(ctx: Ctx, d: store.DocumentRow) {
  const fill = permits(ctx.actor, 'document.fill', d)
  const lacks = missing(d.body, d.values)
  return {
    ...viewDocument(d),
    orderId: d.order_id,
    visitId: d.visit_id,
    rev: d.rev,
    missing: lacks,
    can: {
      fill: fill && d.state !== 'signed',
      file: fill && d.state === 'draft' && lacks.length === 0,
      sign: fill && d.state !== 'signed' && lacks.length === 0,
      pdf: true,
    },
  }
}

// Facts are what flowed in: any of them may be missing or older than today's shape.
const Facts = z.object({
  order: z.object({ number: z.string().nullable(), title: z.string().nullable() }).partial().catch({}),
  customer: z.object({ name: z.string() }).partial().catch({}),
  engineers: z.array(z.object({ name: z.string() })).catch([]),
})
function aboutFacts(facts: Values) {
  const f = Facts.parse(facts)
  return {
    orderNumber: f.order.number ?? null,
    orderTitle: f.order.title ?? null,
    customerName: f.customer.name ?? null,
    engineers: f.engineers.map((e) => e.name),
  }
}

async function mine(ctx: Ctx, id: string, ability: 'document.read' | 'document.fill'): Promise<store.DocumentRow> {
  const d = ability === 'document.read' ? await store.find(ctx.db, id) : await store.lock(ctx.db, id)
  if (!d) return fail('not_found')
  authorise(ctx.actor, ability, d, 'document.read')
  return d
}

const about = (d: store.DocumentRow) => ({
  aggregate: 'document',
  aggregateId: d.id,
  scope: { team_id: d.team_id, customer_id: d.customer_id, people: d.people },
})

const mergeSubject = (d: store.DocumentRow) => ({
  ...about(d),
  listedIn: 'keys' as const,
  visitId: d.visit_id,
  orderId: d.order_id,
  title: aboutFacts(d.facts).orderTitle,
})

function editsOf(d: store.DocumentRow, values: Values, base: Values | undefined): FieldEdit[] {
  const labels = new Map(d.body.sections.flatMap((s) => s.fields.map((f) => [f.key, f.label] as const)))
  return Object.entries(values).map(([field, value]) => ({
    field,
    value,
    current: d.values[field] ?? null,
    label: labels.get(field) ?? null,
    ...(base && field in base ? { base: base[field] ?? null } : {}),
  }))
}

/**
 * Starts the documents that an order of this type asks for on a visit, filled with what is known. Called by visits when
 * the visit is taken; a repeat changes nothing. Answers the ids.
 */
export async function startDocuments(
  ctx: Ctx,
  v: { visitId: string; orderId: string; orderType: string; facts: Values; scope: ScopeRow },
): Promise<string[]> {
  const ids: string[] = []
  for (const t of await store.templatesFor(ctx.db, v.orderType)) {
    const id = newId()
    const n = await store.insert(ctx.db, {
      id,
      templateKey: t.key,
      templateVersion: t.version,
      orderId: v.orderId,
      visitId: v.visitId,
      facts: v.facts,
      now: ctx.now,
      team_id: v.scope.team_id,
      customer_id: v.scope.customer_id,
      people: v.scope.people,
    })
    if (n === 0) continue
    await ctx.emit({
      type: 'document.started',
      aggregate: 'document',
      aggregateId: id,
      payload: { orderId: v.orderId, visitId: v.visitId, template: t.key, templateVersion: t.version },
      scope: v.scope,
    })
    ids.push(id)
  }
  return ids
}

/** Lets facts flow into the documents of a visit (arrival, photos, people) until they are signed. */
export async function updateFacts(ctx: Ctx, visitId: string, facts: Values, scope: ScopeRow): Promise<void> {
  await store.saveFacts(ctx.db, visitId, facts, scope)
}

/** Lets what was done on site flow into the documents of these visits that nobody has signed; whose they are stays. */
export const flowFacts = (ctx: Ctx, visitIds: readonly string[], facts: Values) =>
  store.flowFacts(ctx.db, visitIds, facts)

export const documentsFor = (ctx: Ctx, visitId: string) => store.ofVisit(ctx.db, visitId)
/** What the delivery documents of these visits say was found and done. */
export async function saidOf(ctx: Pick<Ctx, 'db'>, visitIds: readonly string[]) {
  const rows = await store.saidOf(ctx.db, visitIds)
  return new Map(rows.map((r) => [r.visit_id, { found: r.found, done: r.done }]))
}
export const findDocument = (ctx: Ctx, id: string) => store.find(ctx.db, id)

/** Documents of the visit that are not complete: what stands between the engineer and the end of the visit. */
export async function requiredMissing(
  ctx: Ctx,
  visitId: string,
): Promise<{ documentId: string; title: { zh: string; en: string }; missing: Missing[] }[]> {
  const documents = await store.ofVisit(ctx.db, visitId)
  return documents.flatMap((d) => {
    const lacks = missing(d.body, d.values)
    return lacks.length > 0 ? [{ documentId: d.id, title: d.body.title, missing: lacks }] : []
  })
}

/** Files what is complete and still a draft: the end of the visit does it for the engineer. */
export async function fileComplete(ctx: Ctx, visitId: string): Promise<void> {
  for (const d of await store.ofVisit(ctx.db, visitId))
    if (d.state === 'draft' && missing(d.body, d.values).length === 0) await file(ctx, d)
}

async function file(ctx: Ctx, d: store.DocumentRow) {
  await store.saveState(ctx.db, d.id, 'filed', ctx.now)
  await ctx.emit({
    type: 'document.filed',
    ...about(d),
    payload: { orderId: d.order_id, visitId: d.visit_id, hash: hashOf(d) },
  })
}

async function storeSignature(ctx: Ctx, image: string): Promise<string> {
  const bytes = Buffer.from(image.slice(image.indexOf(',') + 1), 'base64')
  let ink = false
  try {
    // A sheet that somebody tapped "confirm" on without writing is no signature: ink must differ from paper.
    const { data, info } = await sharp(bytes, { limitInputPixels: 8_000_000 })
      .flatten({ background: '#fff' })
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true })
    let dark = 0
    for (const v of data) if (v < 160) dark++
    ink = dark >= 40 && info.width >= 40
  } catch {
    fail('signature_unreadable')
  }
  if (!ink) fail('signature_unreadable')
  const stored = await ctx.files.put(Readable.from([bytes]), 400_000)
  await store.insertFile(ctx.db, stored.sha256, stored.bytes, 'image/png', ctx.now)
  return stored.sha256
}

export interface Sign {
  expectedHash: string
  signerName: string
  signerTitle: string | null
  image: string
  method: 'phone' | 'link'
  /** What the customer read on a phone without contact. */
  shown?: { values: Values; facts: Values } | undefined
}

/**
 * The content that was signed, if it is not what stands here: read on a phone without contact, before facts flowed in or
 * a colleague changed a field. Null: what stands here is what was signed.
 */
function signedElsewhere(ctx: Ctx, d: store.DocumentRow, s: Sign): { values: Values; facts: Values } | null {
  const hash = hashOf(d)
  if (hash === s.expectedHash) return null
  const key = { templateKey: d.template_key, templateVersion: d.template_version }
  if (!ctx.command?.offline || !s.shown || contentHash({ ...key, ...s.shown }) !== s.expectedHash)
    return fail('document_changed', { hash })
  const { values, unknown } = tidy(d.body, s.shown.values)
  if (unknown || canonical(values) !== canonical(s.shown.values) || !couldHaveShown(s.shown.facts, d.facts))
    return fail('document_changed', { hash })
  return s.shown
}

/**
 * Signs a document once, bound to the hash of what was read. A second signature answers with the first
 * (`already: true`); the caller has checked who may do it.
 */
export async function signDocument(
  ctx: Ctx,
  id: string,
  s: Sign,
): Promise<{ document: store.DocumentRow; already: boolean }> {
  const current = await store.lock(ctx.db, id)
  if (!current) return fail('not_found')
  if (current.signature) return { document: current, already: true }
  const shown = signedElsewhere(ctx, current, s)
  const d = shown ? { ...current, ...shown } : current
  const lacks = missing(d.body, d.values)
  if (lacks.length > 0) fail('document_incomplete', { count: lacks.length, keys: lacks.map((m) => m.key) })
  const hash = s.expectedHash
  if (shown) {
    // The customer's signature is the last word about the content; what it overrules is kept and shown to both.
    const changed = Object.fromEntries(
      Object.entries(shown.values).filter(([k, v]) => canonical(v) !== canonical(current.values[k] ?? null)),
    )
    await mergeFields(ctx, mergeSubject(current), ctx.now, editsOf(current, changed, shown.values))
    await store.saveShown(ctx.db, id, shown.values, shown.facts, ctx.now)
  }
  const image = await storeSignature(ctx, s.image)
  const at =
    ctx.command?.offline && ctx.command.atDevice
      ? new Date(Math.min(ctx.command.atDevice.getTime() - (ctx.command.skewMs ?? 0), ctx.now.getTime()))
      : ctx.now
  if (d.state === 'draft') await file(ctx, d)
  await store.insertSignature(ctx.db, id, {
    signer_name: s.signerName,
    signer_title: s.signerTitle,
    method: s.method,
    image_sha256: image,
    document_hash: hash,
    signed_at: at,
  })
  await store.saveState(ctx.db, id, 'signed', ctx.now)
  await ctx.emit({
    type: 'document.signed',
    ...about(d),
    occurredAt: at,
    payload: {
      orderId: d.order_id,
      visitId: d.visit_id,
      hash,
      method: s.method,
      imageSha256: image,
      ...(shown ? { asShown: true } : {}),
    },
    personal: { signerName: s.signerName, signerTitle: s.signerTitle },
  })
  return { document: (await store.find(ctx.db, id)) as store.DocumentRow, already: false }
}

/** Documents of visits as the phone keeps them: template and what follows from the values are left to the phone. */
export async function documentsReplica(
  ctx: Ctx,
  visitIds: readonly string[],
): Promise<ReplicaRow<ReplicaRows['document']>[]> {
  const rows = await store.readableOfVisits(ctx.db, ctx.actor, visitIds)
  return rows.map((d) => {
    const { template, hash, ...view } = viewDocument(d)
    return {
      id: d.id,
      row: {
        ...view,
        orderId: d.order_id,
        visitId: d.visit_id,
        rev: d.rev,
        templateKey: template.key,
        templateVersion: template.version,
        startedAt: d.created_at.toISOString(),
        mayFill: permits(ctx.actor, 'document.fill', d),
      },
    }
  })
}

type PrintPhotos = (ctx: Ctx, ids: readonly string[], edge: number) => Promise<ReadonlyMap<string, PrintedPhoto>>
let printPhotos: PrintPhotos = async () => new Map()
/** Photos belong to a later module (visits); it says here how they are printed. */
export const printPhotosBy = (how: PrintPhotos) => {
  printPhotos = how
}

/** The PDF of a document, in the language asked for. */
export async function documentPdf(ctx: Ctx, d: store.DocumentRow, lang: 'zh-CN' | 'en-US'): Promise<Buffer> {
  const company = await readSetting(ctx, companySetting)
  return renderPdf({
    view: viewDocument(d),
    company: company.name,
    signatureSha256: d.signature?.image_sha256 ?? null,
    files: ctx.files,
    photos: (ids) => printPhotos(ctx, ids, 900),
    lang,
    zone: ctx.zone,
  })
}

/** Puts the shipped templates in; versions that are there already stay as they are. */
export async function ensureTemplates(db: Db, now: Date): Promise<void> {
  for (const t of shippedTemplates) await store.insertTemplate(db, t, now)
}

export const documents: Module = {
  name: 'documents',
  live: { document: 'document.read' },
  replica: [
    // All versions: a document on the phone may have been begun with an older one.
    replica('template', async (ctx) =>
      hasAbility(ctx.actor, 'document.read')
        ? (await store.allTemplates(ctx.db)).map((t) => ({
            id: `${t.key}@${t.version}`,
            row: { key: t.key, version: t.version, orderTypes: t.order_types, body: t.body },
          }))
        : [],
    ),
  ],
  handlers: [
    implement(documentsRoutes.listTemplates, async (ctx) => {
      const rows = await store.templates(ctx.db)
      return {
        templates: rows.map((t) => ({ key: t.key, version: t.version, orderTypes: t.order_types, body: t.body })),
      }
    }),
    implement(documentsRoutes.listDocuments, async (ctx, { query }) => {
      const rows = await store.list(ctx.db, ctx.actor, { ...query, after: readCursor(query.after, 2) })
      return pageOf(
        rows,
        query.limit,
        (d) => [d.created_key, d.id],
        (d) => ({
          id: d.id,
          orderId: d.order_id,
          visitId: d.visit_id,
          title: d.body.title,
          state: d.state,
          missing: d.state === 'signed' ? 0 : missing(d.body, d.values).length,
          filedAt: d.filed_at?.toISOString() ?? null,
          signedAt: d.signature ? new Date(d.signature.signed_at).toISOString() : null,
          signerName: d.signature?.signer_name ?? null,
          startedAt: d.created_at.toISOString(),
          about: aboutFacts(d.facts),
        }),
      )
    }),
    implement(documentsRoutes.getDocument, async (ctx, { params }) =>
      present(ctx, await mine(ctx, params.id, 'document.read')),
    ),
    implement(documentsRoutes.fillDocument, async (ctx, { params, body }) => {
      const d = await mine(ctx, params.id, 'document.fill')
      if (d.state === 'signed') fail('document_signed', { signer: d.signature?.signer_name })
      const { values, unknown } = tidy(d.body, body.values)
      if (unknown) fail('document_field_unknown', { key: unknown })
      // Field by field: two people (or a phone that was offline) fill different fields without losing either. Of one
      // field the later word stands.
      const { at } = await momentOf(ctx)
      const lost = await mergeFields(ctx, mergeSubject(d), at, editsOf(d, values, body.base))
      for (const field of lost) delete values[field]
      if (Object.keys(values).length > 0 || lost.size === 0) {
        await store.saveValues(ctx.db, d.id, values, ctx.now)
        await ctx.emit({
          type: 'document.filled',
          ...about(d),
          occurredAt: at,
          payload: { visitId: d.visit_id, keys: Object.keys(values) },
        })
      }
      return present(ctx, (await store.find(ctx.db, d.id)) as store.DocumentRow)
    }),
    implement(documentsRoutes.fileDocument, async (ctx, { params }) => {
      const d = await mine(ctx, params.id, 'document.fill')
      if (d.state === 'signed') fail('document_signed', { signer: d.signature?.signer_name })
      const lacks = missing(d.body, d.values)
      if (lacks.length > 0) fail('document_incomplete', { count: lacks.length, keys: lacks.map((m) => m.key) })
      if (d.state === 'draft') await file(ctx, d)
      return present(ctx, (await store.find(ctx.db, d.id)) as store.DocumentRow)
    }),
    implement(documentsRoutes.signDocument, async (ctx, { params, body }) => {
      await mine(ctx, params.id, 'document.fill')
      const { document, already } = await signDocument(ctx, params.id, { ...body, method: 'phone' })
      return { ...present(ctx, document), already }
    }),
    implementRaw(documentsRoutes.documentPdf, async (ctx, { params, query }, { reply }) => {
      const d = await mine(ctx, params.id, 'document.read')
      const bytes = await documentPdf(ctx, d, query.lang ?? ctx.actor.locale)
      return reply
        .header('content-type', 'application/pdf')
        .header('content-disposition', `inline; filename="${d.template_key}-${d.id.slice(-8)}.pdf"`)
        .send(bytes)
    }),
    implementRaw(documentsRoutes.documentSignature, async (ctx, { params }, { reply }) => {
      const d = await mine(ctx, params.id, 'document.read')
      if (!d.signature) return fail('not_found')
      return reply
        .header('content-type', 'image/png')
        .header('cache-control', 'private, max-age=31536000, immutable')
        .send(ctx.files.read(d.signature.image_sha256))
    }),
  ],
}
