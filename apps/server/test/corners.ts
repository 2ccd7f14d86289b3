import { createHash } from 'node:crypto'
import sharp from 'sharp'
import type { Role, Scope } from '#contracts'
import { roles } from '#contracts'
import { ensureTemplates } from '../src/modules/documents'
import { insertCertificateKind, insertEngineer, insertSkill } from '../src/modules/engineers'
import { replaceGrants } from '../src/modules/people'
import { ensureProjectTemplates, standardTemplate } from '../src/modules/projects'
import { ensureDefinition } from '../src/modules/surveys'
import { sql } from '../src/platform/database/pool'
import { newId } from '../src/platform/ids'
import { publishSample } from './checklist'
import { signedHeaders } from './sign'
import { upload } from './upload'
import type { Client, World } from './world'

/** Where a row lies as seen by the person under test: his own, a team-mate's, the region's other team's, far away. */
export const kinds = ['mine', 'beside', 'region', 'far'] as const
export type Kind = (typeof kinds)[number]

export interface Corner {
  kind: Kind
  /** Stands in every name and text of the corner: an answer that shows it has leaked it. */
  mark: string
  person: Client
  /** What a field or path parameter of this name may hold, so that bodies and paths point into this corner. */
  ids: Record<string, string>
  /** Aggregate → id of its row in this corner. */
  rows: Record<string, string>
}

export interface Corners {
  me: Client
  of: Record<Kind, Corner>
  /** Gives the person under test exactly one grant; the next request finds it. */
  grant(role: Role, scope: Scope): Promise<void>
  /** All roles at once within one scope. */
  grantAll(scope: Scope): Promise<void>
}

/**
 * Four equal corners of the company, each with one row of every kind, made through the real commands: 华东一队 with a
 * customer of mine and one of a colleague's, 华东二队 (same region), 华北一队 (another region).
 */
export async function buildCorners(w: World): Promise<Corners> {
  let shift: string | undefined
  let company: { checklist: string; part: string; robot: string; delivery: string } | undefined
  const everything = roles.map((role) => ({ role, scope: 'all', refId: null }))
  await ensureTemplates(w.db, w.clock.now())
  await ensureProjectTemplates(w.db, w.clock.now())
  await ensureDefinition(w.db, w.clock.now())
  await insertSkill(w.db, { code: 'networking', name: '网络' })
  await insertCertificateKind(w.db, { code: 'low_voltage', name: '低压电工' })
  const teamOf = { mine: w.teams.eastOne, beside: w.teams.eastOne, region: w.teams.eastTwo, far: w.teams.northOne }
  const of = {} as Record<Kind, Corner>
  for (const kind of kinds) {
    const mark = `〔${kind}〕`
    const teamId = teamOf[kind]
    const person = await w.person('engineer', 'own', teamId, `张伟${mark}`)
    // Each corner is made by its own person, so that what he creates names him.
    await replaceGrants(w.db, person.id, everything)
    shift ??= (
      await person.ok('POST /api/shifts', {
        body: { name: '白班', anchor: '2026-01-05', cycle: [[[540, 1080]]], followsHolidays: true },
      })
    ).id
    of[kind] = { kind, mark, person, ...(await rowsOf(w, person, teamId, mark)) }
    company ??= {
      // Asked of no order here: the corners' visits end without it.
      checklist: await publishSample(person, { orderTypes: ['repair'] }),
      part: (await person.ok('POST /api/parts', { body: { number: 'PT-1', name: '网线', unit: '根' } })).id,
      ...(await robotOf(w, person)),
    }
    Object.assign(of[kind].rows, { shift, ...company })
    // Who can do everything would otherwise belong to every later corner as well.
    await replaceGrants(w.db, person.id, [{ role: 'engineer', scope: 'own', refId: null }])
  }
  const me = of.mine.person
  return {
    me,
    of,
    async grant(role, scope) {
      const refId = scope === 'region' ? w.teams.east : scope === 'customer' ? (of.mine.rows.customer as string) : null
      await replaceGrants(w.db, me.id, [{ role, scope, refId }])
    },
    grantAll: (scope) =>
      replaceGrants(
        w.db,
        me.id,
        roles.map((role) => ({ role, scope, refId: null })),
      ),
  }
}

/** A group robot and a message of it that ended before it began: nothing is sent from here. */
async function robotOf(w: World, person: Client) {
  const { id } = await person.ok('POST /api/notice-robots', {
    body: { vendor: 'wecom', name: '派工群', webhook: 'https://qyapi.weixin.qq.com/x', enabled: false, codes: [] },
  })
  const { deliveryId } = await person.ok('POST /api/notice-robots/:id/test', { params: { id } })
  await w.db.run(sql`update deliveries set state = 'failed', why = 'not_found' where id = ${deliveryId}`)
  return { robot: id, delivery: deliveryId }
}

async function rowsOf(w: World, person: Client, teamId: string, mark: string): Promise<Pick<Corner, 'ids' | 'rows'>> {
  await insertEngineer(w.db, { userId: person.id, now: w.clock.now() })
  const certificateId = newId()
  await person.ok('POST /api/engineers/:id/certificates', {
    params: { id: person.id },
    body: { id: certificateId, kind: 'low_voltage', number: mark },
  })
  const customer = await person.ok('POST /api/customers', {
    body: { name: `瑞金医院${mark}`, shortName: mark, note: mark, teamId, people: [person.id] },
  })
  const params = { id: customer.id }
  const site = await person.ok('POST /api/customers/:id/sites', {
    params,
    body: {
      name: `机房${mark}`,
      address: `瑞金二路${mark}`,
      point: { lat: 31.21, lng: 121.46, datum: 'wgs84' },
    },
  })
  const contact = await person.ok('POST /api/customers/:id/contacts', {
    params,
    body: { name: `李主任${mark}`, phone: '13800000000', siteId: site.id },
  })
  const siteCode = await person.ok('POST /api/sites/:id/codes', { params: { id: site.id }, body: { kind: 'poster' } })
  const asset = await person.ok('POST /api/customers/:id/assets', {
    params,
    body: { name: `服务器${mark}`, serial: `SN${mark}`, siteId: site.id },
  })
  const contract = await person.ok('POST /api/customers/:id/contracts', {
    params,
    body: { number: `HT${mark}`, title: `维保${mark}`, startsOn: '2026-01-01', endsOn: '2027-01-01', deemAfterDays: 2 },
  })
  const from = new Date(w.clock.now().getTime() + 20 * 86_400_000)
  const absence = await person.ok('POST /api/engineers/:id/absences', {
    params: { id: person.id },
    body: {
      kind: 'leave',
      from: from.toISOString(),
      to: new Date(from.getTime() + 86_400_000).toISOString(),
      reason: mark,
    },
  })
  const order = await person.ok('POST /api/orders', {
    body: {
      customerId: customer.id,
      siteId: site.id,
      contactId: contact.id,
      assetId: asset.id,
      contractId: contract.id,
      title: `影像服务器无法启动${mark}`,
      text: mark,
      type: 'install',
    },
  })
  const second = await person.ok('POST /api/orders', {
    body: { customerId: customer.id, siteId: site.id, title: `又报了一次${mark}` },
  })
  await person.ok('POST /api/orders/:id/triage', { params: { id: order.id }, body: {} })
  const photoId = await talk(w, person, order.id, mark)
  const work = await worked(w, person, order.id, teamId, mark)
  const project = await person.ok('POST /api/projects', {
    body: {
      name: `上线${mark}`,
      customerId: customer.id,
      templateId: standardTemplate.id,
      startsOn: '2026-11-23',
      managerId: person.id,
      people: [person.id],
      budgetPersonDays: 20,
      summary: mark,
    },
  })
  const intake = await delivered(w, person, teamId, mark)
  await w.settle()
  const office = await reported(w, person, mark)
  const rows = {
    person: person.id,
    engineer: person.id,
    customer: customer.id,
    site: site.id,
    contact: contact.id,
    asset: asset.id,
    contract: contract.id,
    absence: absence.id,
    order: order.id,
    thread: order.id,
    photo: photoId,
    project: project.id,
    phase: project.phases[0]?.id as string,
    device: mark,
    siteCode: siteCode.id,
    ...work.rows,
    ...intake.rows,
    ...office.rows,
  }
  return {
    rows,
    ids: {
      teamId,
      customerId: customer.id,
      siteId: site.id,
      contactId: contact.id,
      assetId: asset.id,
      contractId: contract.id,
      engineerId: person.id,
      ownerId: person.id,
      people: person.id,
      mentions: person.id,
      orderId: order.id,
      duplicateOf: second.id,
      projectId: project.id,
      phaseId: project.phases[0]?.id as string,
      managerId: person.id,
      engineerIds: person.id,
      templateId: standardTemplate.id,
      certificateId,
      ...work.ids,
      ...intake.ids,
      ...office.ids,
    },
  }
}

const picture = (mark: string) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120"><path d="M20 80 Q80 10 ${100 + mark.length * 10} 70 T280 40" stroke="#111" stroke-width="5" fill="none"/></svg>`,
    ),
  )
    .png()
    .toBuffer()

/** A message with a photo; answers the photo's id. */
async function talk(w: World, person: Client, orderId: string, mark: string): Promise<string> {
  const bytes = await picture(mark)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const stored = await w.http.inject({
    method: 'PUT',
    url: `/api/thread-photos/${sha256}`,
    headers: { cookie: person.cookie, 'content-type': 'image/png' },
    payload: bytes,
  })
  if (stored.statusCode !== 200) throw new Error(stored.body)
  const message = await person.ok('POST /api/threads/:kind/:id/messages', {
    params: { kind: 'order', id: orderId },
    body: { body: mark, photos: [sha256] },
  })
  return message.photos[0]?.id as string
}

/** A paper that is to follow. The visit itself was finished with everything signed: the row is put where a finish puts it. */
async function pending(w: World, person: Client, visitId: string, documentId: string): Promise<string> {
  const id = newId()
  await w.db.run(sql`insert into pending_papers (id, document_id, visit_id, order_id, engineer_id, left_at, due_at, team_id, customer_id, people)
    select ${id}, ${documentId}, v.id, v.order_id, ${person.id}, now(), now(), v.team_id, v.customer_id, v.people from visits v where v.id = ${visitId}`)
  return id
}

async function sign(person: Client, id: string, mark: string) {
  const params = { id }
  const values = {
    devices: [{ model: 'S6720', serial: mark, place: 'A 机柜' }],
    software_version: 'V5.2.1',
    check_power: 'pass',
    check_network: 'pass',
    check_function: 'pass',
    work_done: mark,
    trained: true,
  }
  await person.ok('PATCH /api/documents/:id', { params, body: { values } })
  const { hash } = await person.ok('POST /api/documents/:id/file', { params, body: {} })
  const image = `data:image/png;base64,${(await picture(mark)).toString('base64')}`
  await person.ok('POST /api/documents/:id/sign', { params, body: { expectedHash: hash, signerName: mark, image } })
}

const codeOf = async (w: World, id: string) =>
  (await w.db.one<{ code: string }>(sql`select code from evidence where id = ${id}`)).code

/** The order is assigned and done: visit with evidence, document, link, survey under the threshold, follow-up, an offline event that fits nowhere. */
async function worked(
  w: World,
  person: Client,
  orderId: string,
  teamId: string,
  mark: string,
): Promise<Pick<Corner, 'ids' | 'rows'>> {
  const start = new Date(w.clock.now().getTime() + 3_600_000)
  const assigned = await person.ok('POST /api/orders/:id/assign', {
    params: { id: orderId },
    body: {
      crew: [{ engineerId: person.id }],
      start: start.toISOString(),
      durationMin: 60,
      reason: mark,
      override: { reason: mark },
    },
  })
  const visitId = assigned.visits[0]?.id as string
  const params = { id: visitId }
  await person.ok('POST /api/visits/:id/take', { params, body: {} })
  await person.ok('POST /api/visits/:id/depart', { params, body: {} })
  const bytes = await picture(`${mark} evidence`)
  const evidenceId = newId()
  await person.ok('POST /api/visits/:id/evidence', {
    params,
    body: {
      id: evidenceId,
      kind: 'photo',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
      takenAt: w.clock.now().toISOString(),
    },
  })
  const stored = await upload(w.http, person, evidenceId, bytes)
  if (stored.statusCode !== 204) throw new Error(stored.body)
  // With a device, which is bound to him by it.
  const { items } = await person.ok('POST /api/commands', {
    body: {
      items: [
        {
          commandId: newId(),
          command: 'visit.checkIn',
          params,
          body: { photoIds: [evidenceId], fix: { lat: 31.5, lng: 121.9, datum: 'wgs84', accuracyM: 10 } },
          deviceId: mark,
        },
      ],
    },
  })
  const { checkIn } = (items[0] as { reply: unknown }).reply as { checkIn: { id: string } }
  await person.ok('POST /api/visits/:id/start', { params, body: {} })
  await person.ok('POST /api/worksheets/:id/notes', {
    params,
    body: { noteId: newId(), text: mark, visibility: 'internal' },
  })
  const { id: request } = await person.ok('POST /api/visits/:id/requests', {
    params,
    body: { kind: 'parts', reason: mark, parts: [{ name: mark, quantity: 1 }], photoIds: [evidenceId] },
  })
  const { id: escalation } = await person.ok('POST /api/orders/:id/escalations', {
    params: { id: orderId },
    body: { to: 'product', title: mark, symptom: mark, visitId, photoIds: [evidenceId] },
  })
  await person.ok('POST /api/visits/:id/orders', { params, body: { title: mark } })
  const colleague = await w.person('engineer', 'own', teamId, `刘洋${mark}`)
  const { id: handover } = await person.ok('POST /api/visits/:id/handover', {
    params,
    body: { toId: colleague.id, reason: mark },
  })
  const { rows: documents } = await person.ok('GET /api/documents', { query: { visitId } })
  const documentId = documents[0]?.id as string
  await sign(person, documentId, mark)
  await person.ok('POST /api/visits/:id/finish', { params, body: { result: 'done' } })
  await w.settle()
  // A second tap of a phone that was offline: kept as a conflict for a person to settle.
  await person.ok('POST /api/commands', {
    body: {
      items: [
        {
          commandId: newId(),
          command: 'visit.depart',
          params,
          body: {},
          offline: true,
          deviceId: mark,
          deviceSeq: 1,
          atDevice: w.clock.now().toISOString(),
        },
      ],
    },
  })
  const { rows: conflicts } = await person.ok('GET /api/visits/conflicts')
  // A number put right by a phone that showed another one, and an action that was refused: both kept for a person.
  const refusalId = newId()
  await person.ok('POST /api/commands', {
    body: {
      items: [
        {
          commandId: newId(),
          command: 'visit.correct',
          params,
          body: { contact: { phone: '13900000000' }, base: { contact: { phone: mark } } },
          deviceId: mark,
        },
        {
          commandId: refusalId,
          command: 'visit.confirm',
          params,
          body: { by: 'code', code: mark.slice(0, 20) },
          deviceId: mark,
        },
      ],
    },
  })
  const { rows: fieldConflicts } = await person.ok('GET /api/field-conflicts')
  const { url } = await person.ok('POST /api/visits/:id/link', { params, body: { channel: 'contact' } })
  const token = url.split('/').pop() as string
  await person.ok('POST /api/link/:token/survey', {
    params: { token },
    body: { ratings: { overall: 1, result: 1, punctual: 1, attitude: 1 }, words: mark },
  })
  await w.settle()
  const { rows: followups } = await person.ok('GET /api/follow-ups')
  const { rows: surveys } = await person.ok('GET /api/surveys', { query: { orderId } })
  return {
    rows: {
      visit: visitId,
      worksheet: visitId,
      document: documentId,
      evidence: evidenceId,
      conflict: conflicts.find((c) => c.visitId === visitId)?.eventId as string,
      fieldConflict: fieldConflicts.find((c) => c.visitId === visitId)?.id as string,
      refusal: refusalId,
      followup: followups.find((f) => f.surveyId === surveys[0]?.id)?.id as string,
      survey: surveys[0]?.id as string,
      request,
      escalation,
      handover,
      paper: await pending(w, person, visitId, documentId),
    },
    ids: {
      visitId,
      documentId,
      photoIds: evidenceId,
      evidenceCode: await codeOf(w, evidenceId),
      photoId: evidenceId,
      checkInId: checkIn.id,
      token,
    },
  }
}

/** A source of orders with a delivery that could not be mapped. */
async function delivered(
  w: World,
  person: Client,
  teamId: string,
  mark: string,
): Promise<Pick<Corner, 'ids' | 'rows'>> {
  const key = `crm-${newId().slice(-8)}`
  const params = { key }
  await person.ok('POST /api/intake-sources', {
    body: { key, name: mark, teamId, mapping: 'salesforce-workorder' },
  })
  const { id, secret } = await person.ok('POST /api/intake-sources/:key/secrets', { params })
  const text = JSON.stringify({ note: mark })
  const answer = await w.http.inject({
    method: 'POST',
    url: `/api/intake/${key}`,
    headers: signedHeaders(secret, `msg_${newId()}`, w.clock.now(), text),
    payload: text,
  })
  return { ids: { key }, rows: { intakeItem: answer.json().itemId, intakeSecret: id, intakeSource: key } }
}

/** His report of the day with a question on it, and a correction of his time. */
async function reported(w: World, person: Client, mark: string): Promise<Pick<Corner, 'ids' | 'rows'>> {
  const params = { id: person.id }
  const date = '2026-11-23'
  const correctionId = newId()
  await person.ok('POST /api/people/:id/time-corrections', {
    params,
    body: {
      id: correctionId,
      date,
      from: new Date(w.clock.now().getTime() - 3_600_000).toISOString(),
      to: w.clock.now().toISOString(),
      kind: 'documentation',
      reason: mark,
    },
  })
  const report = await person.ok('POST /api/people/:id/reports', {
    params,
    body: { id: newId(), date, lines: [], own: [{ kind: 'problem', text: mark }] },
  })
  await person.ok('POST /api/reports/:id/comments', { params: { id: report.id }, body: { body: mark } })
  return { rows: { report: report.id, correction: correctionId }, ids: {} }
}
