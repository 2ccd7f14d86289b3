import { linksRoutes } from '#contracts/links.schema'
import { implement, implementRaw, type Module, on } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { type Actor, authorise, permits, type ScopeRow } from '../../platform/policy'
import { readSetting } from '../../platform/settings'
import { contactFacts, siteFacts } from '../customers'
import {
  type DocumentRow,
  documentPdf,
  documentsFor,
  findDocument,
  requiredMissing,
  signDocument,
  viewDocument,
} from '../documents'
import { anySignedInFrom, companySetting, namesOf } from '../people'
import { answerSurvey, surveyDefinition, surveyOfVisit } from '../surveys'
import { confirmVisit, findVisit, photoCopies, type VisitRow, visitScope, visitsOfOrder } from '../visits'
import { acceptOrder, findOrder, linkAggregate, type OrderRow, rejectOrder } from '../workorders'
import { expiries, steps } from './rules'
import * as store from './store'
import { tokenHash, tokenOf } from './tokens'

type Ability = 'progress' | 'code' | 'document' | 'signature' | 'survey'

const until = (l: store.LinkRow, a: Ability): Date | null => l[`${a}_until`]
const opens = (ctx: Ctx, l: store.LinkRow, a: Ability): boolean => {
  const end = until(l, a)
  return end !== null && end > ctx.now
}

/** The link behind a token, and what it is about. Refuses with the number to call: no link is a dead end. */
async function follow(ctx: Ctx, token: string, ability: Ability) {
  const link = await store.byToken(ctx.db, tokenHash(token))
  const phone = async () => (await readSetting(ctx, companySetting)).phone
  if (!link || link.revoked_at) return fail('link_unknown', { phone: await phone() })
  if (!opens(ctx, link, ability)) return fail('link_expired', { phone: await phone(), ability })
  const visit = await findVisit(ctx, link.visit_id)
  const order = await findOrder(ctx, link.order_id)
  if (!visit || !order) return fail('link_unknown', { phone: await phone() })
  return { link, visit, order }
}

/** From here on the command acts for the customer; that a colleague is signed in on the device is remembered as a flag. */
async function becomeCustomer(ctx: Ctx, link: store.LinkRow, visit: VisitRow): Promise<string[]> {
  const flags: string[] = []
  if (ctx.actor.kind === 'user') flags.push('staff_device')
  const engineers = (await visitsOfOrder(ctx, link.order_id)).flatMap((v) => (v.engineer_id ? [v.engineer_id] : []))
  if (ctx.command?.ip && (await anySignedInFrom(ctx.db, [...engineers, ...visit.people], ctx.command.ip, ctx.now)))
    flags.push('staff_network')
  const actor: Actor = {
    kind: 'link',
    id: link.contact_id,
    name: link.contact_name ?? '客户',
    locale: ctx.actor.locale,
    grants: [],
  }
  ctx.actor = actor
  if (ctx.command) ctx.command.source = 'link'
  return flags
}

async function ofThisVisit(ctx: Ctx, visit: VisitRow, documentId: string): Promise<DocumentRow> {
  const d = await findDocument(ctx, documentId)
  if (!d || d.visit_id !== visit.id) return fail('not_found')
  return d
}

const signable = async (ctx: Ctx, link: store.LinkRow, d: DocumentRow) =>
  d.state !== 'signed' &&
  opens(ctx, link, 'signature') &&
  !(await requiredMissing(ctx, d.visit_id)).some((m) => m.documentId === d.id)

async function page(ctx: Ctx, token: string) {
  const { link, visit, order } = await follow(ctx, token, 'progress')
  const company = await readSetting(ctx, companySetting)
  const site = visit.site_id ? await siteFacts(ctx, visit.site_id) : null
  const [engineer] = visit.engineer_id && visit.fold.takenAt ? await namesOf(ctx.db, [visit.engineer_id]) : []
  const documents = opens(ctx, link, 'document') ? await documentsFor(ctx, visit.id) : []
  const survey = await surveyOfVisit(ctx.db, visit.id)
  const arrived = visit.fold.arrivedAt !== null
  const awaiting = order.state === 'awaiting_acceptance' && opens(ctx, link, 'signature')
  const accepted = order.state === 'completed' || order.state === 'closed'
  const surveyState = !survey
    ? 'not_yet'
    : survey.state === 'answered'
      ? 'answered'
      : survey.state === 'expired' || survey.expires_at <= ctx.now
        ? 'expired'
        : link.channel === 'contact'
          ? 'open'
          : 'elsewhere'
  const a = visit.fold.appointment
  return {
    company: { name: company.name, phone: company.phone },
    zone: site?.zone ?? ctx.zone,
    order: { number: order.number, title: order.fold.facts.title },
    site: site ? { name: site.name, address: site.address } : null,
    engineer: engineer ? { name: engineer.name } : null,
    remote: visit.mode === 'remote',
    steps: steps(order.fold, visit.fold).map((s) => ({
      ...s,
      at: s.at === null ? null : new Date(s.at).toISOString(),
    })),
    expected: visit.fold.finishedAt
      ? null
      : {
          start: new Date(a?.start ?? visit.fold.planned.start).toISOString(),
          end: a ? (a.end ? new Date(a.end).toISOString() : null) : new Date(visit.fold.planned.end).toISOString(),
          agreed: a !== null,
        },
    arrivalCode:
      visit.mode === 'onsite' && !arrived && visit.fold.takenAt !== null && opens(ctx, link, 'code')
        ? visit.arrival_code
        : null,
    documents: await Promise.all(
      documents.map(async (d) => ({
        id: d.id,
        title: d.body.title,
        state: d.state,
        signedAt: d.signature ? new Date(d.signature.signed_at).toISOString() : null,
        canSign: await signable(ctx, link, d),
      })),
    ),
    acceptance: {
      state: accepted
        ? ('accepted' as const)
        : order.state === 'awaiting_acceptance'
          ? ('awaiting' as const)
          : order.fold.rejectedAt !== null
            ? ('reworking' as const)
            : ('not_yet' as const),
      canAccept: awaiting,
      canReject: awaiting,
      canConfirm:
        visit.mode === 'remote' &&
        visit.fold.finishedAt !== null &&
        visit.fold.customerConfirmedAt === null &&
        opens(ctx, link, 'signature'),
    },
    survey: {
      state: surveyState as 'open',
      definition: surveyState === 'open' && survey ? await surveyDefinition(ctx.db, survey.definition_version) : null,
      expiresAt: survey?.expires_at.toISOString() ?? null,
    },
    abilities: (['progress', 'code', 'document', 'signature', 'survey'] as const).flatMap((key) => {
      const end = until(link, key)
      return end ? [{ key, expiresAt: end.toISOString(), open: end > ctx.now }] : []
    }),
  }
}

const about = (link: store.LinkRow, scope: ScopeRow) => ({ aggregate: 'link', aggregateId: link.id, scope })

/** Accepts the order once the customer has signed everything that its visits asked for. */
async function acceptWhenSigned(ctx: Ctx, orderId: string): Promise<void> {
  const order = await findOrder(ctx, orderId)
  if (order?.state !== 'awaiting_acceptance') return
  const visits = (await visitsOfOrder(ctx, orderId)).filter((v) => v.state === 'finished')
  const documents = (await Promise.all(visits.map((v) => documentsFor(ctx, v.id)))).flat()
  const last = documents.at(-1)
  if (!last || documents.some((d) => d.state !== 'signed')) return
  await acceptOrder(ctx, orderId, { documentId: last.id })
}

export const links: Module = {
  name: 'links',
  live: { link: 'link.issue' },
  reactions: [
    on('document.signed', 'links.acceptOnSignature', (ctx, e) => acceptWhenSigned(ctx, e.payload.orderId as string)),
    on('order.progressed', 'links.acceptSigned', (ctx, e) => acceptWhenSigned(ctx, e.aggregateId)),
  ],
  handlers: [
    implement(linksRoutes.issueLink, async (ctx, { params, body }) => {
      const visit = await findVisit(ctx, params.id)
      if (!visit) return fail('not_found')
      const scope = visitScope(visit)
      authorise(ctx.actor, 'link.issue', scope, 'visit.read')
      if (body.channel === 'contact' && !permits(ctx.actor, 'link.issue_contact', scope)) fail('link_channel')
      const order = (await findOrder(ctx, visit.order_id)) as OrderRow
      const contactId = order.fold.facts.contactId ?? null
      const contact = contactId ? await contactFacts(ctx, contactId) : null
      const ends = expiries(Math.max(visit.fold.planned.end, ctx.now.getTime()), body.channel)
      let link = await store.ofVisit(ctx.db, visit.id, body.channel)
      if (link) await store.extend(ctx.db, link.id, ends)
      else {
        const id = newId()
        link = {
          id,
          visit_id: visit.id,
          order_id: visit.order_id,
          channel: body.channel,
          contact_id: contactId,
          contact_name: contact?.name ?? null,
          ...ends,
          created_at: ctx.now,
          revoked_at: null,
        }
        await store.insert(ctx.db, { ...link, token_hash: tokenHash(tokenOf(ctx.secret, id)) })
        await linkAggregate(ctx, visit.order_id, id)
      }
      await ctx.emit({
        type: 'link.issued',
        ...about(link, scope),
        payload: { visitId: visit.id, channel: body.channel },
      })
      const url = `${ctx.publicUrl}/v/${tokenOf(ctx.secret, link.id)}`
      const company = await readSetting(ctx, companySetting)
      return {
        url,
        channel: body.channel,
        contact: contact ? { name: contact.name, phone: contact.phone ?? null } : null,
        expiresAt: ends.progress_until.toISOString(),
        message: {
          code: 'customer_link',
          params: {
            company: company.shortName,
            order: order.number,
            title: order.fold.facts.title,
            start: new Date(visit.fold.appointment?.start ?? visit.fold.planned.start).toISOString(),
            url,
          },
        },
      }
    }),
    implement(linksRoutes.readLink, (ctx, { params }) => page(ctx, params.token)),
    implement(linksRoutes.readLinkDocument, async (ctx, { params }) => {
      const { link, visit } = await follow(ctx, params.token, 'document')
      const d = await ofThisVisit(ctx, visit, params.id)
      return { ...viewDocument(d), canSign: await signable(ctx, link, d) }
    }),
    implementRaw(linksRoutes.linkDocumentPdf, async (ctx, { params, query }, { reply }) => {
      const { visit } = await follow(ctx, params.token, 'document')
      const d = await ofThisVisit(ctx, visit, params.id)
      const bytes = await documentPdf(ctx, d, query.lang ?? 'zh-CN')
      return reply
        .header('content-type', 'application/pdf')
        .header('content-disposition', `inline; filename="${d.template_key}-${d.id.slice(-8)}.pdf"`)
        .send(bytes)
    }),
    implementRaw(linksRoutes.linkPhoto, async (ctx, { params }, { reply }) => {
      const { visit } = await follow(ctx, params.token, 'document')
      // Only what stands in a document of this visit; anything else of the visit is not the customer's business.
      const photo = (await documentsFor(ctx, visit.id))
        .flatMap((d) => (d.facts.photos as { id: string; sha256: string }[] | undefined) ?? [])
        .find((p) => p.id === params.id)
      const copy = photo && (await photoCopies(ctx, [photo.id], 1200)).get(photo.id)
      if (!copy) return fail('not_found')
      return reply
        .header('content-type', 'image/jpeg')
        .header('cache-control', 'private, max-age=86400')
        .send(copy.image)
    }),
    implement(linksRoutes.signLinkDocument, async (ctx, { params, body }) => {
      const { link, visit } = await follow(ctx, params.token, 'signature')
      await ofThisVisit(ctx, visit, params.id)
      await becomeCustomer(ctx, link, visit)
      const { document, already } = await signDocument(ctx, params.id, { ...body, method: 'link' })
      return { ...viewDocument(document), canSign: false, already }
    }),
    implement(linksRoutes.acceptByLink, async (ctx, { params }) => {
      const { link, visit, order } = await follow(ctx, params.token, 'signature')
      if (order.state === 'completed' || order.state === 'closed') return { ok: true as const }
      await becomeCustomer(ctx, link, visit)
      await acceptOrder(ctx, order.id, { contactId: link.contact_id })
      return { ok: true as const }
    }),
    implement(linksRoutes.rejectByLink, async (ctx, { params, body }) => {
      const { link, visit, order } = await follow(ctx, params.token, 'signature')
      await becomeCustomer(ctx, link, visit)
      await rejectOrder(ctx, order.id, { reason: body.reason, remaining: body.reason, contactId: link.contact_id })
      return { ok: true as const }
    }),
    implement(linksRoutes.confirmByLink, async (ctx, { params }) => {
      const { link, visit } = await follow(ctx, params.token, 'signature')
      if (visit.mode !== 'remote' || visit.fold.finishedAt === null)
        fail('state_forbids', { state: visit.state, verb: 'confirm' })
      await becomeCustomer(ctx, link, visit)
      await confirmVisit(ctx, visit.id, { by: 'link', contactId: link.contact_id })
      return { ok: true as const }
    }),
    implement(linksRoutes.answerByLink, async (ctx, { params, body }) => {
      const { link, visit } = await follow(ctx, params.token, 'progress')
      const company = await readSetting(ctx, companySetting)
      if (link.channel !== 'contact') fail('survey_elsewhere', { phone: company.phone })
      if (!opens(ctx, link, 'survey')) fail('survey_closed', { phone: company.phone })
      const survey = await surveyOfVisit(ctx.db, visit.id)
      if (!survey) return fail('state_forbids', { state: visit.state, verb: 'survey' })
      const flags = await becomeCustomer(ctx, link, visit)
      const { score } = await answerSurvey(ctx, survey.id, body, flags)
      return { ok: true as const, good: score >= 80 }
    }),
  ],
}
