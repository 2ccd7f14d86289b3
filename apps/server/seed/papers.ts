// Papers and pictures of a visit.

import { foldVisit, type VisitState } from '#lifecycle'
import { contentHash, missing } from '../src/modules/documents/rules'
import { shippedTemplates } from '../src/modules/documents/templates'
import { factsFor } from '../src/modules/visits/papers'
import { derivedId } from '../src/platform/ids'
import type { Book, Event, Told, ToldVisit } from './book'
import type { Album } from './pictures'
import { time } from './rows'
import { deviceIdOf } from './story'
import { at, DAY } from './story/time'
import { writeSheet } from './worksheets'

/** The delivery document of a visit as it was left, with its signature. */
export function writePapers(book: Book, album: Album, told: Told, v: ToldVisit): void {
  const sheet = writeSheet(book, told, v)
  if (v.fold.takenAt === null) return
  const { fold } = told
  const template = shippedTemplates.find((t) => t.orderTypes.includes(fold.facts.type))
  if (!template) return
  const paper = told.story.documents.find((d) => d.visitId === v.fold.id) ?? null
  // Work that has ended leaves the papers that were filed; the lead's serve the crew and remote work needs none.
  if (!paper && v.fold.endedAt !== null) return
  const facts = { ...factsOf(book, told, v.fold), ...(sheet ? { work: sheet.facts } : {}) }
  const values = (paper?.values ?? {}) as Record<string, unknown>
  const state =
    !paper || missing(template.body, values).length > 0 ? 'draft' : paper.signedAt === null ? 'filed' : 'signed'
  const id = paper?.id ?? derivedId(v.fold.id, 'document')
  const hash = contentHash({ templateKey: template.key, templateVersion: template.version, values, facts })
  const changed = paper ? Math.max(paper.submittedAt, paper.signedAt ?? 0) : v.fold.takenAt
  book.put('documents', {
    id,
    template_key: template.key,
    template_version: template.version,
    order_id: told.story.id,
    visit_id: v.fold.id,
    state,
    values,
    facts,
    filed_at: state === 'draft' || !paper ? null : time(paper.submittedAt),
    created_at: time(v.fold.takenAt),
    changed_at: time(changed),
    rev: paper ? 4 : 1,
    ...v.scope,
  })
  const engineer = { by: v.fold.engineerId, source: 'field' }
  const say = (
    type: string,
    when: number,
    who: { by: string | null; source: string },
    payload: Record<string, unknown>,
    personal?: Record<string, unknown>,
  ) => book.fact({ type, aggregate: 'document', id, at: when, ...who, payload, scope: v.scope }, personal)
  const about = { orderId: told.story.id, visitId: v.fold.id }
  say('document.started', v.fold.takenAt + 1, engineer, {
    ...about,
    template: template.key,
    templateVersion: template.version,
  })
  if (!paper) return
  say('document.filled', paper.filledAt, engineer, { visitId: v.fold.id, keys: Object.keys(values) })
  if (state === 'draft') return
  say('document.filed', paper.submittedAt, engineer, { ...about, hash })
  if (paper.signedAt === null || paper.signerContactId === null) return
  const signer = book.story.customers.contacts.find((c) => c.id === paper.signerContactId)
  const image = album.signature(paper.id)
  book.put('document_signatures', {
    document_id: id,
    signer_name: signer?.name,
    signer_title: signer?.title ?? null,
    method: paper.signedBy,
    image_sha256: image,
    document_hash: hash,
    signed_at: time(paper.signedAt),
  })
  say(
    'document.signed',
    paper.signedAt,
    paper.signedBy === 'link' ? { by: paper.signerContactId, source: 'link' } : engineer,
    { ...about, hash, method: paper.signedBy, imageSha256: image },
    { signerName: signer?.name, signerTitle: signer?.title ?? null },
  )
}

function factsOf(book: Book, told: Told, v: VisitState): Record<string, unknown> {
  const { customers, people } = book.story
  const { facts } = told.fold
  const site = customers.sites.find((s) => s.id === facts.siteId)
  const contact = customers.contacts.find((c) => c.id === facts.contactId)
  const asset = customers.assets.find((a) => a.id === facts.assetId)
  return factsFor({
    order_number: told.story.number,
    title: facts.title,
    type: facts.type,
    order_text: facts.text ?? null,
    customer_name: customers.customers.find((c) => c.id === facts.customerId)?.name ?? '',
    site: site ? { name: site.name, address: site.address } : null,
    contact: contact ? { id: contact.id, name: contact.name, phone: contact.phone } : null,
    asset: asset ? { id: asset.id, name: asset.name, model: asset.model, serial: asset.serial } : null,
    engineer_id: v.engineerId,
    engineer_name: people.engineers.find((e) => e.id === v.engineerId)?.name ?? null,
    mode: v.mode,
    fold: v,
  })
}

/** Pictures of the last weeks: the field's own, taken between the arrival and the end. */
export function photograph(book: Book, album: Album, told: Told): void {
  for (const v of told.visits) {
    const { fold } = v
    if (fold.mode !== 'onsite' || fold.startedAt === null || fold.endedAt === null || fold.result === 'unable') continue
    if (fold.startedAt < at(book.story.today.date) - 21 * DAY) continue
    const asset = book.story.customers.assets.find((a) => a.id === told.fold.facts.assetId)
    const pictures = album.take(asset ?? null)
    for (const [i, picture] of pictures.entries()) {
      const when = Math.round(fold.startedAt + ((fold.endedAt - fold.startedAt) * (i + 1)) / (pictures.length + 1))
      const id = derivedId(fold.id, 'photo', String(i))
      const engineer = book.story.people.engineers.find((e) => e.id === fold.engineerId)
      const deviceId = engineer ? deviceIdOf(book.seed, engineer.userName) : null
      book.put('evidence', {
        id,
        visit_id: fold.id,
        kind: 'photo',
        sha256: picture.sha256,
        bytes: picture.bytes,
        media_type: 'image/jpeg',
        width: picture.width,
        height: picture.height,
        taken_at: time(when),
        taken_by: fold.engineerId,
        fix: null,
        distance_m: null,
        device_id: deviceId,
        check_in_id: null,
        thumb_sha256: picture.thumb,
        declared_at: time(when + 4000),
        stored_at: time(when + 9000),
      })
      const event = {
        id: derivedId(id, 'added'),
        aggregate: 'visit',
        aggregateId: fold.id,
        type: 'visit.evidence_added',
        version: 1,
        payload: { evidenceId: id, kind: 'photo', sha256: picture.sha256 },
        actor: { kind: 'user', id: fold.engineerId },
        source: 'field',
        commandId: null,
        deviceId,
        deviceSeq: null,
        atDevice: when,
        skewMs: 0,
        occurredAt: when,
        recordedAt: when + 4000,
        offline: false,
        reason: null,
        flags: [],
      } as unknown as Event
      v.events.push(event)
    }
    if (pictures.length > 0) {
      v.events.sort((a, b) => a.occurredAt - b.occurredAt)
      v.fold = foldVisit(v.events as never) as VisitState
    }
  }
}
