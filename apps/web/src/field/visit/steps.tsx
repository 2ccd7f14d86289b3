import { Ellipsis } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { type BodyOf, type CommandName, useAct } from '../../offline'
import type { DocumentRow, VisitCard } from '../../offline/visits'
import { navigate } from '../router'
import { sumOf, useSheet } from '../worksheet/data'
import { lastFix } from './fix'
import { nextStep } from './next'
import type { VisitSheet } from './sheets'
import { words } from './words'

const SheetOf = lazy(() => import('./sheets').then((m) => ({ default: m.SheetOf })))
const MoreSheet = lazy(() => import('./MoreSheet'))

export type Step = { key: string; label: string; danger?: boolean; run: () => void }
type PlainVerb = 'take' | 'depart' | 'start' | 'resume'

/** The next step of a visit and everything else that can be done with it, ready for buttons. Render `sheet` once. */
export function useSteps(
  visit: VisitCard,
  documents: readonly DocumentRow[],
  confirmed?: boolean,
): {
  primary: Step | null
  more: Step[]
  busy: boolean
  sheet: ReactNode
  openMore: () => void
  open: (s: VisitSheet) => void
} {
  const t = useWords(words)
  const language = useLanguage()
  const run = useAct()
  const [busy, setBusy] = useState(false)
  const [open, setOpen] = useState<VisitSheet | 'more' | null>(null)
  const place = visit.customer.name
  const { can } = visit

  const verb = async <C extends Extract<CommandName, `visit.${PlainVerb}`>>(command: C, body: BodyOf<C>) => {
    setBusy(true)
    // Safe on the phone in milliseconds; what the server thinks of it, the outbox says.
    await run(command, visit.id, body).finally(() => setBusy(false))
  }
  const depart = async () => {
    setBusy(true)
    const fix = await lastFix()
    await verb('visit.depart', fix ? { fix } : {})
  }
  const at = `/m/visits/${visit.id}`
  const title = (d: Pick<DocumentRow, 'title'>) => (language === 'zh-CN' ? d.title.zh : d.title.en)

  const sheet = useSheet(visit.id)
  // The lead answers for the checklist; who helps him may end his own part.
  const checks = visit.role === 'lead' ? sumOf(sheet.data).missing : 0
  const next = nextStep(visit, documents, { confirmed, now: Date.now(), checks })
  const primary: Step | null = (() => {
    if (!next) return null
    const { key, document: doc } = next
    switch (key) {
      case 'take':
        return { key, label: t('next.take'), run: () => void verb('visit.take', {}) }
      case 'appoint':
        return { key, label: t('next.appoint', { place }), run: () => setOpen('appoint') }
      case 'depart':
        return { key, label: t('next.depart', { place }), run: () => void depart() }
      case 'checkIn':
        return { key, label: t('next.checkIn'), run: () => navigate(`${at}/check-in`) }
      case 'start':
        return {
          key,
          label: t(visit.mode === 'remote' ? 'next.remoteStart' : 'next.start'),
          run: () => void verb('visit.start', {}),
        }
      case 'resume':
        return { key, label: t('next.resume'), run: () => void verb('visit.resume', {}) }
      case 'checks':
        return { key, label: t('next.checks', { n: checks }), run: () => navigate(`${at}/checks`) }
      case 'fill':
        return doc
          ? { key, label: t('next.fill', { document: title(doc) }), run: () => navigate(`${at}/documents/${doc.id}`) }
          : null
      case 'sign':
        return doc
          ? {
              key,
              label: t('next.sign', { document: title(doc) }),
              run: () => navigate(`${at}/documents/${doc.id}/sign`),
            }
          : null
      case 'finish':
        return {
          key,
          label: t(visit.mode === 'remote' ? 'next.remoteFinish' : 'next.finish'),
          run: () => navigate(`${at}/finish`),
        }
      case 'confirm':
        return { key, label: t('next.confirm'), run: () => setOpen('confirm') }
    }
  })()

  const more: Step[] = []
  const add = (yes: boolean | undefined, step: Step) => {
    if (yes && step.key !== primary?.key) more.push(step)
  }
  add(can.depart && next?.key !== 'depart', { key: 'depart', label: t('more.depart'), run: () => void depart() })
  add(can.checkIn && next?.key !== 'checkIn' && visit.mode !== 'resident', {
    key: 'checkIn',
    label: t('more.checkIn'),
    run: () => navigate(`${at}/check-in`),
  })
  add(can.start && next?.key !== 'start', {
    key: 'start',
    label: t('next.start'),
    run: () => void verb('visit.start', {}),
  })
  add(can.appoint && visit.state !== 'offered', {
    key: 'appoint',
    label: t(visit.appointment ? 'more.appointAgain' : 'more.appoint'),
    run: () => setOpen('appoint'),
  })
  add(can.reschedule && visit.state !== 'offered', {
    key: 'reschedule',
    label: t('more.reschedule'),
    run: () => setOpen('reschedule'),
  })
  add(can.pause, { key: 'pause', label: t('more.pause'), run: () => setOpen('pause') })
  add(can.finish, { key: 'finish', label: t('more.finish'), run: () => navigate(`${at}/finish`) })
  add(can.finish, { key: 'partial', label: t('more.partial'), run: () => navigate(`${at}/finish?result=partial`) })
  add(can.finish, { key: 'unable', label: t('more.unable'), run: () => navigate(`${at}/finish?result=unable`) })
  add(can.confirm && confirmed !== true, { key: 'confirm', label: t('more.confirm'), run: () => setOpen('confirm') })
  // Around the work itself: from the take until the visit is over.
  const inHand = ['taken', 'en_route', 'on_site', 'working', 'paused'].includes(visit.state) && can.addEvidence
  add(inHand, { key: 'ask', label: t('more.ask'), run: () => navigate(`/m/requests/new/${visit.id}`) })
  add(inHand, { key: 'report', label: t('more.report'), run: () => navigate(`/m/requests/report/${visit.id}`) })
  add(inHand, { key: 'handover', label: t('more.handover'), run: () => navigate(`/m/requests/handover/${visit.id}`) })
  add(inHand, { key: 'escalate', label: t('more.escalate'), run: () => navigate(`/m/requests/escalate/${visit.id}`) })
  add(can.decline, { key: 'decline', label: t('more.decline'), danger: true, run: () => setOpen('decline') })
  add(can.abort, { key: 'abort', label: t('more.abort'), danger: true, run: () => setOpen('abort') })

  const close = () => setOpen(null)
  return {
    primary,
    more,
    busy,
    open: setOpen,
    openMore: () => setOpen('more'),
    sheet: open && (
      <Suspense>
        {open === 'more' ? (
          <MoreSheet steps={more} onClose={close} />
        ) : (
          <SheetOf which={open} visit={visit} onClose={close} />
        )}
      </Suspense>
    ),
  }
}

/** The next step and 更多. The button is inert while its command is on the way, and says so. */
export function StepButtons({ steps, extra }: { steps: ReturnType<typeof useSteps>; extra?: ReactNode }) {
  const t = useWords(words)
  return (
    <>
      {steps.primary ? (
        <button
          type="button"
          className="zc-btn primary big zc-next"
          disabled={steps.busy}
          aria-busy={steps.busy}
          onClick={steps.primary.run}
        >
          <span className="zc-clip">{steps.primary.label}</span>
        </button>
      ) : (
        <span className="zc-nothing">{t('next.none')}</span>
      )}
      {extra}
      {steps.more.length > 0 && (
        <button type="button" className="zc-btn big" onClick={steps.openMore}>
          <Ellipsis className="zc-icon" size={22} aria-hidden />
          {t('more')}
        </button>
      )}
    </>
  )
}
