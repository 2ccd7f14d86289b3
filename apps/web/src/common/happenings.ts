import {
  BadgeCheck,
  BellRing,
  Car,
  CircleCheck,
  CirclePause,
  CirclePlay,
  CircleX,
  ClipboardCheck,
  Clock,
  FileCheck,
  Hand,
  LifeBuoy,
  Link as LinkIcon,
  type LucideIcon,
  MapPin,
  MessageCircle,
  PencilLine,
  Phone,
  Plus,
  Repeat,
  Rocket,
  Send,
  Star,
  TriangleAlert,
  UserCheck,
} from 'lucide-react'
import { channelWords, deliveryWhyWords } from '#contracts/words/deliveries'
import type { Reply } from './api/call'
import { eventWords } from './event.words'
import { useFormat } from './i18n/format'
import { useLanguage } from './i18n/language'
import { useWords } from './i18n/words'
import { orderWords } from './order.words'
import { requestWords } from './request.words'
import type { Meaning } from './StateTag'
import { useStateName } from './StateTag'
import type { FeedEvent } from './TimelineFeed'

type Timeline = Reply<'GET /api/orders/:id/timeline'>
export type Happening = { type: string; params: Record<string, unknown> }
type EventWord = keyof (typeof eventWords)['zh-CN']

const LOOKS: [beginning: string, icon: LucideIcon, meaning: Meaning][] = [
  ['order.created', Plus, 'blue'],
  ['order.triaged', ClipboardCheck, 'blue'],
  ['order.edited', PencilLine, 'grey'],
  ['order.contacted', Phone, 'teal'],
  ['order.held', CirclePause, 'amber'],
  ['order.resumed', CirclePlay, 'teal'],
  ['order.cancelled', CircleX, 'grey'],
  ['order.cannot_complete', CircleX, 'red'],
  ['order.rejected', CircleX, 'red'],
  ['order.accepted', CircleCheck, 'green'],
  ['order.deemed', CircleCheck, 'green'],
  ['order.waived', CircleCheck, 'green'],
  ['order.waive_requested', Hand, 'amber'],
  ['order.closed', CircleCheck, 'green'],
  ['order.reopened', Repeat, 'amber'],
  ['visit.planned', UserCheck, 'blue'],
  ['visit.offered', Send, 'blue'],
  ['visit.taken', UserCheck, 'teal'],
  ['visit.declined', Hand, 'amber'],
  ['visit.reassigned', Repeat, 'amber'],
  ['visit.rescheduled', Clock, 'amber'],
  ['visit.departed', Car, 'teal'],
  ['visit.checked_in', MapPin, 'teal'],
  ['visit.started', CirclePlay, 'teal'],
  ['visit.paused', CirclePause, 'amber'],
  ['visit.resumed', CirclePlay, 'teal'],
  ['visit.finished', CircleCheck, 'green'],
  ['visit.missed', TriangleAlert, 'red'],
  ['visit.aborted', CircleX, 'red'],
  ['visit.checkin_', BadgeCheck, 'grey'],
  ['offer.', BellRing, 'amber'],
  ['document.', FileCheck, 'grey'],
  ['worksheet.follow_up_proposed', TriangleAlert, 'amber'],
  ['worksheet.', ClipboardCheck, 'grey'],
  ['survey.', Star, 'grey'],
  ['link.', LinkIcon, 'grey'],
  ['acceptance.', Send, 'grey'],
  ['sla.warned', Clock, 'amber'],
  ['sla.breached', Clock, 'red'],
  ['sla.corrected', Clock, 'green'],
  ['followup.', MessageCircle, 'grey'],
  ['request.', LifeBuoy, 'amber'],
  ['handover.', Repeat, 'amber'],
  ['escalation.', Rocket, 'amber'],
  ['call.', Phone, 'grey'],
  ['visit.extended', Clock, 'amber'],
]

const asText = (v: unknown): string => (typeof v === 'string' ? v : v === null || v === undefined ? '' : String(v))

/**
 * Words what happened from its code and values: `const { say, events } = useHappenings(zone)`. Instants in events are
 * epoch milliseconds. People are named by the list that comes with a timeline.
 */
export function useHappenings(zone?: string) {
  const t = useWords(eventWords)
  const o = useWords(orderWords)
  const r = useWords(requestWords)
  const f = useFormat(zone)
  const language = useLanguage()
  const stateName = useStateName()
  const word = (group: string, value: unknown, fallback = '—'): string => {
    const key = `${group}.${asText(value)}`
    return key in orderWords['zh-CN'] ? o(key as keyof (typeof orderWords)['zh-CN']) : asText(value) || fallback
  }
  const own = (group: string, value: unknown): string => {
    const key = `${group}.${asText(value)}`
    return key in eventWords['zh-CN'] ? (t as (k: string) => string)(key) : asText(value)
  }
  /** Words that came with the event, in the reader's language where there are such. */
  const inWords = (v: unknown): string => {
    const w = v as { zh?: string; en?: string } | null | undefined
    return (language === 'zh-CN' ? w?.zh : w?.en || w?.zh) ?? '—'
  }
  const at = (v: unknown) => (typeof v === 'number' || typeof v === 'string' ? f.when(v) : '—')
  const span = (a: unknown, b: unknown) =>
    (typeof a === 'number' || typeof a === 'string') && (typeof b === 'number' || typeof b === 'string')
      ? f.range(a, b)
      : at(a)

  function say(e: Happening, people: readonly { id: string; name: string }[] = []): string {
    const p = e.params
    const person = (id: unknown) => people.find((one) => one.id === id)?.name ?? asText(p.owner) ?? t('nobody')
    const fields = Object.keys((p.facts as object | undefined) ?? {}).map((k) => own('field', k))
    switch (e.type) {
      case 'order.created':
        if (p.repeatOf) return t('order.created.repeat')
        if (p.origin) return t('order.created.from', { system: asText((p.origin as { system?: string }).system) })
        return t(p.as === 'draft' ? 'order.created.draft' : 'order.created')
      case 'order.triaged':
        return fields.length ? t('order.triaged.fields', { fields: fields.join(t('and')) }) : t('order.triaged')
      case 'order.edited': {
        const promise = p.promise as { start: number; end: number } | null | undefined
        const moved =
          promise === undefined
            ? []
            : promise === null
              ? [t('order.edited.promiseNone')]
              : [
                  p.promiseBy
                    ? t('order.edited.promiseBy', {
                        range: span(promise.start, promise.end),
                        by: word('by', p.promiseBy),
                      })
                    : t('order.edited.promise', { range: span(promise.start, promise.end) }),
                ]
        return [...(fields.length ? [t('order.edited', { fields: fields.join(t('and')) })] : []), ...moved].join(
          t('and'),
        )
      }
      case 'order.contacted':
        return t('order.contacted', { channel: word('channel', p.channel) })
      case 'order.progressed':
        return t('order.progressed', { state: stateName('order', p.to as 'assigned') })
      case 'order.held':
        return t('order.held', {
          cause: word('hold', p.cause),
          responsibility: word('responsibility', p.responsibility),
        })
      case 'order.cancelled':
      case 'order.cannot_complete':
        return t(e.type, { responsibility: word('responsibility', p.responsibility) })
      case 'order.waive_requested':
        return t('order.waive_requested', { cause: word('waive', p.cause) })
      case 'order.marked':
        return p.as ? t('order.marked', { as: word('mark', p.as) }) : t('order.marked.none')
      case 'visit.planned': {
        const range = span(p.start, p.end)
        return p.engineerId
          ? t('visit.planned', { engineer: person(p.engineerId), range })
          : t('visit.planned.open', { range })
      }
      case 'visit.offered':
        return p.engineerId ? t('visit.offered', { engineer: person(p.engineerId) }) : t('visit.offered.open')
      case 'visit.reassigned':
        return p.toEngineerId ? t('visit.reassigned', { engineer: person(p.toEngineerId) }) : t('visit.reassigned.open')
      case 'offer.reminded': {
        if (p.by === 'dispatcher') return t('offer.reminded.dispatcher')
        const inLanguage = (w: { zh: string; en: string } | undefined) => w?.[language === 'zh-CN' ? 'zh' : 'en'] ?? '—'
        const channel = inLanguage(channelWords[asText(p.by)])
        return p.sent
          ? t('offer.reminded', { channel })
          : t('offer.reminded.not', { channel, why: inLanguage(deliveryWhyWords[asText(p.why)]) })
      }
      case 'offer.passed_on':
        return t('offer.passed_on', { engineer: person(p.engineerId) })
      case 'visit.appointed':
        return t('visit.appointed', { when: p.end ? span(p.start, p.end) : at(p.start) })
      case 'visit.rescheduled':
        return t('visit.rescheduled', { range: span(p.start, p.end), by: word('by', p.askedBy) })
      case 'visit.finished':
        return t('visit.finished', { result: word('result', p.result) })
      case 'visit.evidence_added':
        return t('visit.evidence_added', { kind: own('kind', p.kind) })
      case 'visit.checkin_graded':
      case 'visit.checkin_reviewed':
        return t(e.type, { grade: asText(p.grade) || '—' })
      case 'worksheet.follow_up_proposed':
        return t(e.type, { label: inWords(p.label), number: asText(p.number) })
      case 'worksheet.part_used':
      case 'worksheet.part_corrected':
        return t(e.type, { name: asText(p.name), qty: asText(p.qty), unit: asText(p.unit) })
      case 'worksheet.part_dropped':
        return t(e.type, { name: asText(p.name) })
      case 'worksheet.scanned':
        return t(`worksheet.scanned.${p.outcome as 'found'}`, { serial: asText(p.serial) })
      case 'checklist.published':
        return t(e.type, { version: asText(p.version) })
      case 'part.added':
      case 'part.edited':
        return t(e.type, { number: asText(p.number) })
      case 'document.signed':
        return t('document.signed', { name: asText(p.signerName) || t('customer') })
      case 'survey.answered':
        return t('survey.answered', { score: typeof p.score === 'number' ? f.number(p.score, 1) : '—' })
      case 'request.asked':
      case 'request.approved':
      case 'request.declined':
      case 'request.withdrawn':
        return t(e.type, { kind: r(`kind.${asText(p.kind)}` as 'kind.help') })
      case 'handover.offered':
        return t(p.kind === 'work' ? 'handover.offered.work' : 'handover.offered', { engineer: person(p.toId) })
      case 'escalation.raised':
        return t('escalation.raised', { to: r(`to.${asText(p.to)}` as 'to.rnd'), title: asText(p.title) })
      case 'escalation.assigned':
        return t('escalation.assigned', { number: asText(p.number), engineer: person(p.ownerId) })
      case 'escalation.taken':
      case 'escalation.asked':
      case 'escalation.supplied':
      case 'escalation.answered':
      case 'escalation.linked':
      case 'escalation.returned':
      case 'escalation.closed':
        return t(e.type, { number: asText(p.number) })
      case 'visit.extended':
        return t('visit.extended', { when: at(p.end) })
      case 'visit.routed':
        return t('visit.routed', { min: asText(p.travelMin) })
      case 'link.issued':
        return t(p.channel === 'contact' ? 'link.issued.contact' : 'link.issued.shown')
      case 'acceptance.noticed':
        return t('acceptance.noticed', { when: at(p.deemAt) })
      case 'sla.warned':
        return t('sla.warned', { clock: word('clock', p.clock), percent: asText(p.percent) })
      case 'sla.breached':
        return t('sla.breached', { clock: word('clock', p.clock) })
      case 'sla.corrected':
        return t(p.stopAt ? 'sla.corrected' : 'sla.corrected.void', {
          clock: word('clock', p.clock),
          when: p.stopAt ? at(p.stopAt) : '',
        })
      case 'followup.opened':
      case 'followup.reassigned':
        return t(e.type, { owner: person(p.ownerId) })
      case 'followup.contacted':
        return t(p.outcome === 'reached' ? 'followup.contacted.reached' : 'followup.contacted.unreachable', {
          channel: word('channel', p.channel),
        })
      case 'followup.planned':
        return t('followup.planned', { cause: own('cause', p.cause), owner: person(p.ownerId), when: at(p.dueAt) })
      case 'followup.checked':
        return t(p.effective ? 'followup.checked.yes' : 'followup.checked.no')
      case 'followup.acted':
        return t('followup.acted', { change: own('change', p.change) })
      default:
        return e.type in eventWords['zh-CN']
          ? (t as (k: EventWord) => string)(e.type as EventWord)
          : t('unknown', { type: e.type })
    }
  }

  /** What people wrote along: shown under the sentence. */
  const remark = (e: Happening): string | null => {
    const said = e.params.remaining ?? e.params.words ?? e.params.action
    return typeof said === 'string' && said ? said : null
  }

  function events({ rows, people }: Pick<Timeline, 'rows' | 'people'>): FeedEvent[] {
    return (
      rows
        // Bytes arriving and pages being looked at are for the audit, not for the story.
        .filter((e) => e.type !== 'evidence.stored' && e.type !== 'document.filled')
        .map((e): FeedEvent => {
          const look = LOOKS.find(([beginning]) => e.type.startsWith(beginning))
          const late = Math.round((Date.parse(e.recordedAt) - Date.parse(e.occurredAt)) / 60_000)
          return {
            id: e.id,
            at: e.occurredAt,
            actor: e.actor.kind === 'system' || !e.actor.id ? null : { id: e.actor.id, name: e.actor.name },
            text: say(e, people),
            icon: look?.[1],
            meaning: look?.[2],
            reason: e.reason,
            offline: e.offline,
            arrivedAt: e.offline && late > 5 ? e.recordedAt : undefined,
            more: remark(e),
          }
        })
    )
  }
  return { say, remark, events, cause: (v: unknown) => own('cause', v), change: (v: unknown) => own('change', v) }
}
