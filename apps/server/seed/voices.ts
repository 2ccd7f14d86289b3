// What people said: colleagues in the order's thread, customers in their answers, supervisors in the cases that follow.

import { type FollowUpState, foldFollowUp, surveyWeight } from '#lifecycle'
import { derivedId } from '../src/platform/ids'
import type { Book, Told } from './book'
import type { Album } from './pictures'
import { time } from './rows'
import type { StoryOrder, StorySurvey } from './story'
import { at, DAY, dateOf, MINUTE } from './story/time'

/** What was said about the order, and by whom it was read. */
export function writeTalk(book: Book, album: Album, told: Told): void {
  for (const m of told.story.messages) writeMessage(book, album, told, m)
  writeReads(book, told)
}

function writeMessage(book: Book, album: Album, told: Told, m: StoryOrder['messages'][number]): void {
  book.put('messages', {
    id: m.id,
    thread_id: derivedId(told.story.id, 'thread'),
    author_id: m.authorId,
    body: m.text,
    mentions: m.mentionIds,
    written_at: time(m.at),
    created_at: time(m.at),
  })
  // Who stands before the machine shows it.
  const asset = book.story.customers.assets.find((x) => x.id === told.fold.facts.assetId) ?? null
  const there = book.story.people.engineers.some((e) => e.id === m.authorId)
  const photos = there && book.rng.chance(0.5) ? album.take(asset) : []
  for (const [i, p] of photos.entries())
    book.put('message_photos', {
      id: derivedId(m.id, 'photo', String(i)),
      message_id: m.id,
      sha256: p.sha256,
      media_type: 'image/jpeg',
      width: p.width,
      height: p.height,
    })
  book.fact(
    {
      type: 'thread.posted',
      aggregate: 'thread',
      id: told.story.id,
      key: m.id,
      at: m.at,
      by: m.authorId,
      source: 'web',
      payload: { messageId: m.id, kind: 'order', photos: photos.map((p) => p.sha256) },
      scope: told.scope,
    },
    { body: m.text },
  )
}

/** Whoever spoke has read what came before; the dispatcher reads in the end. */
function writeReads(book: Book, told: Told): void {
  const last = told.story.messages.at(-1)
  if (!last) return
  for (const userId of new Set(told.story.messages.flatMap((m) => [m.authorId, ...m.mentionIds])))
    book.put('thread_reads', {
      thread_id: derivedId(told.story.id, 'thread'),
      user_id: userId,
      read_at: time(last.at + 6 * MINUTE),
    })
}

export function surveyStateOf(survey: StorySurvey | null, now: number): 'none' | 'invited' | 'answered' | 'expired' {
  if (!survey) return 'none'
  return survey.answer ? 'answered' : survey.expiresAt <= now ? 'expired' : 'invited'
}

/**
 * The story asks customers when they accept; the product asks when the lead has finished. Work that waits for its
 * acceptance has been asked about already.
 */
export function invitationOf(book: Book, told: Omit<Told, 'survey'>): StorySurvey | null {
  const { story, fold } = told
  if (story.survey || fold.state !== 'awaiting_acceptance') return story.survey
  const lead = told.visits.filter((v) => v.fold.role === 'lead' && v.fold.result === 'done').at(-1)?.fold
  if (!lead || lead.endedAt === null || lead.engineerId === null) return null
  const crew = told.visits.flatMap((v) => (v.fold.arrivedAt !== null && v.fold.engineerId ? [v.fold.engineerId] : []))
  const invitedAt = lead.endedAt + 20_000
  return {
    id: derivedId(lead.id, 'survey'),
    orderId: story.id,
    visitId: lead.id,
    contactId: fold.facts.contactId ?? '',
    engineerIds: [...new Set([lead.engineerId, ...crew])],
    leadEngineerId: lead.engineerId,
    invitedAt,
    expiresAt: invitedAt + book.story.company.settings.surveyValidDays * DAY,
    answer: null,
  }
}

export function writeSurvey(book: Book, told: Told, now: number): void {
  const { survey } = told
  if (!survey) return
  const visit = told.visits.find((v) => v.fold.id === survey.visitId)
  const scope = visit?.scope ?? told.scope
  const { answer } = survey
  const engineers = survey.engineerIds.map((id) => ({
    id,
    name: book.names.get(id) ?? '',
    weight: surveyWeight(id === survey.leadEngineerId ? 'lead' : 'member'),
  }))
  const state = surveyStateOf(survey, now)
  book.put('surveys', {
    id: survey.id,
    kind: 'visit',
    definition_version: 1,
    order_id: told.story.id,
    visit_id: survey.visitId,
    engineers,
    order_number: told.story.number,
    customer_name: book.story.customers.customers.find((c) => c.id === told.story.customerId)?.name ?? null,
    state,
    ratings: answer?.ratings ?? null,
    tags: answer?.tags ?? [],
    words: answer?.words ?? null,
    nps: null,
    score: answer?.score ?? null,
    flags: [],
    invited_at: time(survey.invitedAt),
    expires_at: time(survey.expiresAt),
    answered_at: time(answer?.at),
    ...scope,
  })
  book.link(told.story.id, survey.id)
  const about = { aggregate: 'survey', id: survey.id, scope }
  const facts = { visitId: survey.visitId, orderId: told.story.id }
  book.fact({ ...about, type: 'survey.invited', at: survey.invitedAt, by: null, source: 'system', payload: facts })
  if (answer)
    book.fact(
      {
        ...about,
        type: 'survey.answered',
        at: answer.at,
        by: survey.contactId,
        source: 'link',
        payload: { ...facts, score: answer.score, ratings: answer.ratings, nps: null, engineers },
      },
      { words: answer.words ?? '' },
    )
  else if (state === 'expired')
    book.fact({ ...about, type: 'survey.expired', at: survey.expiresAt, by: null, source: 'system', payload: facts })
}

/** Every case after a low score, numbered by the day on which it was opened. */
export function writeFollowUps(book: Book, all: readonly Told[]): void {
  const quality = book.story.people.staff.filter((p) => p.grants.some((g) => g.role === 'quality')).map((p) => p.id)
  const cases = all
    .filter((t) => t.story.followUp)
    .map((t) => ({ told: t, fold: foldFollowUp(t.story.followUp?.events ?? []) as FollowUpState }))
    .sort((a, b) => a.fold.openedAt - b.fold.openedAt)
  const counts = new Map<string, number>()
  for (const { told, fold } of cases) {
    const day = dateOf(fold.openedAt)
    const n = (counts.get(day) ?? 0) + 1
    counts.set(day, n)
    const events = told.story.followUp?.events ?? []
    const owners = events.flatMap((e) =>
      e.type === 'followup.opened' || e.type === 'followup.planned' ? [e.payload.ownerId] : [],
    )
    const first = owners[0] as string
    const scope = {
      team_id: told.scope.team_id,
      customer_id: told.scope.customer_id,
      people: [...new Set([first, ...quality, ...owners])],
    }
    const survey = told.survey
    book.put('followups', {
      id: told.story.followUp?.id,
      number: `FU-${day.replaceAll('-', '')}-${String(n).padStart(4, '0')}`,
      state: fold.state,
      owner_id: fold.ownerId,
      order_id: told.story.id,
      order_number: told.story.number,
      customer_name: book.story.customers.customers.find((c) => c.id === told.story.customerId)?.name ?? null,
      survey_id: survey?.id ?? null,
      score: survey?.answer?.score ?? null,
      cause: fold.plan?.cause ?? null,
      fold,
      opened_at: time(fold.openedAt),
      contact_due_at: time(fold.contactDueAt),
      plan_due_at: time(fold.planDueAt),
      closed_at: time(fold.closedAt),
      rev: events.length,
      ...scope,
    })
    for (const e of events) book.event(e, scope)
    if (fold.closedAt === null && fold.openedAt > at(book.story.today.date) - 7 * DAY)
      notice(
        book,
        fold.ownerId,
        'followup_opened',
        fold.openedAt,
        { kind: 'followup', id: fold.id },
        {
          number: `FU-${day.replaceAll('-', '')}-${String(n).padStart(4, '0')}`,
          score: survey?.answer?.score ?? null,
          order: told.story.number,
          customer: book.story.customers.customers.find((c) => c.id === told.story.customerId)?.name ?? null,
        },
      )
  }
  for (const [day, n] of counts) book.put('counters', { kind: 'FU', day, n })
}

function notice(
  book: Book,
  userId: string,
  code: string,
  when: number,
  subject: { kind: string; id: string },
  params: Record<string, unknown>,
): void {
  book.put('notices', {
    id: derivedId(userId, code, subject.id),
    user_id: userId,
    code,
    params,
    subject_kind: subject.kind,
    subject_id: subject.id,
    urgency: 'urgent',
    created_at: time(when),
    read_at: null,
  })
}

/** Silence counts only after a notice: the one that it was deemed by. */
export function writeAcceptance(book: Book, told: Told): void {
  for (const e of told.story.events) {
    if (e.type !== 'order.deemed') continue
    const contract = book.story.customers.contracts.find((c) => c.id === e.payload.contractId)
    const days = contract?.deemAfterDays ?? 7
    const sent = Math.max(told.fold.awaitingAt ?? 0, e.occurredAt - days * DAY)
    const { noticeId } = e.payload
    const contactId = told.fold.facts.contactId ?? null
    book.put('acceptance_notices', {
      id: noticeId,
      order_id: told.story.id,
      contract_id: e.payload.contractId,
      channel: 'message',
      contact_id: contactId,
      evidence_sha256: null,
      sent_at: time(sent),
      deem_at: time(e.occurredAt),
      awaiting_at: time(told.fold.awaitingAt ?? sent),
      sent_by: null,
    })
    book.link(told.story.id, noticeId)
    book.fact({
      type: 'acceptance.noticed',
      aggregate: 'acceptance',
      id: noticeId,
      at: sent,
      by: null,
      source: 'system',
      payload: { orderId: told.story.id, channel: 'message', contactId, evidence: null, deemAt: e.occurredAt },
      scope: told.scope,
    })
  }
}
