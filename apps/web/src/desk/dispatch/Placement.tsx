import { useQueryClient } from '@tanstack/react-query'
import { Ban, CircleCheck, OctagonAlert, TriangleAlert } from 'lucide-react'
import { useCallback, useId, useRef, useState } from 'react'
import { PersonChip } from '../../common/Avatar'
import { call, type Reply } from '../../common/api/call'
import { type ApiError, asApiError } from '../../common/api/problem'
import { useFormat } from '../../common/i18n/format'
import { joinList, joinSentences } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { useModal } from '../../common/modal'
import type { TimelineHint } from '../../common/timeline/Timeline'
import { toast } from '../../common/toast'
import type { Bar } from './board'
import { type Said, useFindings } from './findings'
import { words } from './words'

type Who = { id: string; name: string }
export type Intent =
  | {
      kind: 'assign'
      orderId: string
      customer: string
      people: Who[]
      start: string
      durationMin?: number
      additional: boolean
      /** Others have taken it already: whoever joins them is a member. */
      joins: boolean
    }
  | { kind: 'move'; bar: Bar; person: Who; from: Who; start: string }

type Checked = Reply<'POST /api/dispatch/check'>['placements'][number]
type Finding = Said & { severity: 'refuse' | 'override' | 'warn' }
type Verdict = 'refuse' | 'override' | 'warn' | 'ok'
type Asked = { intent: Intent; placements: Checked[]; error: ApiError | null }

const worst = (list: readonly Verdict[]): Verdict =>
  (['refuse', 'override', 'warn'] as const).find((v) => list.includes(v)) ?? 'ok'

const ICON = { refuse: Ban, override: OctagonAlert, warn: TriangleAlert, ok: CircleCheck }
const MEANING = { refuse: 'red', override: 'red', warn: 'amber', ok: 'green' } as const

export function FindingLine({ severity, children }: { severity: Verdict; children: string }) {
  const Icon = ICON[severity]
  return (
    <li className="finding" data-meaning={MEANING[severity]}>
      <Icon className="zc-icon" size={14} aria-hidden />
      <span>{children}</span>
    </li>
  )
}

/**
 * Every placement takes this way, whether dropped, moved by keys or chosen in a list: the rules are asked first and
 * nothing is written before all that they say has been read. What they let through at once is done at once, with undo.
 */
export function usePlacement({ zone, onDone }: { zone: string; onDone: (visitIds: string[]) => void }) {
  const t = useWords(words)
  const f = useFormat(zone)
  const client = useQueryClient()
  const [asked, setAsked] = useState<Asked | null>(null)
  const [pending, setPending] = useState<TimelineHint[]>([])

  const refresh = useCallback(
    () =>
      client.invalidateQueries({
        predicate: (q) => /dispatch|candidates/.test(String(q.queryKey[0])),
      }),
    [client],
  )

  const undo = useCallback(
    async (run: () => Promise<unknown>) => {
      try {
        await run()
        toast(t('done.undone'))
      } catch (error) {
        toast(t('undo.failed', { why: asApiError(error).title }))
      }
      void refresh()
    },
    [t, refresh],
  )

  const write = useCallback(
    async (
      intent: Intent,
      extra: { reason?: string; override?: boolean; askedBy?: 'us' | 'customer' | 'engineer' },
    ) => {
      const reason = extra.reason?.trim()
      const override = extra.override && reason ? { override: { reason } } : {}
      if (intent.kind === 'assign') {
        const { visits } = await call('POST /api/orders/:id/assign', {
          params: { id: intent.orderId },
          body: {
            crew: intent.people.map((p, i) => ({
              engineerId: p.id,
              role: i === 0 && !intent.joins ? ('lead' as const) : ('member' as const),
              required: true,
            })),
            start: intent.start,
            ...(intent.durationMin ? { durationMin: intent.durationMin } : {}),
            ...(reason && !extra.override ? { reason } : {}),
            ...override,
            additional: intent.additional,
          },
        })
        toast(
          t('done.assigned', {
            names: joinList(intent.people.map((p) => p.name)),
            when: f.when(visits[0]?.start ?? intent.start),
          }),
          {
            undo: () =>
              void undo(() =>
                Promise.all(
                  visits.map((v) =>
                    call('POST /api/visits/:id/cancel', { params: { id: v.id }, body: { reason: t('undo.reason') } }),
                  ),
                ),
              ),
          },
        )
        onDone(visits.map((v) => v.id))
      } else {
        const { bar, person, from, start } = intent
        const moved = await call('POST /api/visits/:id/move', {
          params: { id: bar.visitId },
          body: {
            start,
            engineerId: person.id,
            askedBy: extra.askedBy ?? 'us',
            reason: reason ?? '',
            ...override,
          },
          baseRev: bar.rev,
        })
        toast(
          person.id === from.id
            ? t('done.moved', { customer: bar.customerName, when: f.when(start) })
            : t('done.reassigned', { customer: bar.customerName, name: person.name }),
          {
            undo: () =>
              void undo(() =>
                call('POST /api/visits/:id/move', {
                  params: { id: moved.id },
                  body: {
                    start: bar.start,
                    engineerId: from.id,
                    // What the customer asked for moved the promise; taking it back moves it back.
                    askedBy: extra.askedBy ?? 'us',
                    reason: t('undo.reason'),
                  },
                }),
              ),
          },
        )
        onDone([moved.id])
      }
      void refresh()
    },
    [t, f, onDone, refresh, undo],
  )

  const place = useCallback(
    async (intent: Intent) => {
      const people = intent.kind === 'assign' ? intent.people : [intent.person]
      const minutes =
        intent.kind === 'assign'
          ? (intent.durationMin ?? 60)
          : (Date.parse(intent.bar.end) - Date.parse(intent.bar.start)) / 60_000
      setPending(
        people.map((p) => ({
          id: `pending:${p.id}`,
          rowId: p.id,
          start: Date.parse(intent.start),
          end: Date.parse(intent.start) + minutes * 60_000,
          label: t('place.checking'),
          lit: true,
        })),
      )
      try {
        const { placements } = await call('POST /api/dispatch/check', {
          body: {
            ...(intent.kind === 'assign'
              ? { orderId: intent.orderId, ...(intent.durationMin ? { durationMin: intent.durationMin } : {}) }
              : { visitId: intent.bar.visitId }),
            engineerIds: people.map((p) => p.id),
            start: intent.start,
          },
        })
        const ok = placements.every((p) => p.verdict === 'ok')
        // A move always says why: what was told to an engineer is being changed.
        if (ok && intent.kind === 'assign') {
          try {
            await write(intent, {})
          } catch (error) {
            setAsked({ intent, placements, error: asApiError(error) })
            void refresh()
          }
        } else setAsked({ intent, placements, error: null })
      } catch (error) {
        setAsked({ intent, placements: [], error: asApiError(error) })
      } finally {
        setPending([])
      }
    },
    [t, write, refresh],
  )

  const dialog = asked ? (
    <PlacementDialog
      key={JSON.stringify(asked.intent)}
      asked={asked}
      zone={zone}
      onClose={() => setAsked(null)}
      onWrite={async (extra) => {
        try {
          await write(asked.intent, extra)
          setAsked(null)
        } catch (error) {
          setAsked({ ...asked, error: asApiError(error) })
          void refresh()
        }
      }}
    />
  ) : null
  return { place, dialog, pending, open: asked !== null }
}

const QUICK = ['nearer', 'customer', 'engineer', 'balance', 'urgent'] as const

function PlacementDialog({
  asked: { intent, placements, error },
  zone,
  onClose,
  onWrite,
}: {
  asked: Asked
  zone: string
  onClose: () => void
  onWrite: (extra: { reason?: string; override?: boolean; askedBy?: 'us' | 'customer' | 'engineer' }) => Promise<void>
}) {
  const t = useWords(words)
  const f = useFormat(zone)
  const { finding } = useFindings(zone)
  const ref = useRef<HTMLDialogElement>(null)
  useModal(ref, true)
  const id = useId()
  const [reason, setReason] = useState('')
  const [askedBy, setAskedBy] = useState<'us' | 'customer' | 'engineer'>('us')
  const [busy, setBusy] = useState(false)

  // A race lost after the check speaks through the error: its findings are as good as the check's own.
  const fromError = (error?.params.findings as Finding[] | undefined) ?? []
  const raced = error?.params.engineerId as string | undefined
  const verdict = worst([
    ...placements.map((p) => p.verdict),
    ...fromError.map((one) => one.severity),
    ...(error && fromError.length === 0 ? (['refuse'] as const) : []),
  ])
  const mayOverride = placements.every((p) => p.canOverride)
  const needsReason = intent.kind === 'move' || verdict === 'override'
  const samePerson = intent.kind === 'move' && intent.person.id === intent.from.id
  const timeMoves = intent.kind === 'move' && Date.parse(intent.start) !== Date.parse(intent.bar.start)
  const blocked = (verdict === 'refuse' && !(error?.retryable ?? false)) || (verdict === 'override' && !mayOverride)
  const people = intent.kind === 'assign' ? intent.people : [intent.person]
  const title = blocked
    ? t('place.cannot', { names: joinList(people.map((p) => p.name)) })
    : intent.kind === 'assign'
      ? people.length > 1
        ? t('place.crew', { n: people.length })
        : t('place.assign', { name: people[0]?.name ?? '' })
      : samePerson
        ? t('place.move', { when: f.when(intent.start) })
        : t('place.reassign', { name: intent.person.name })
  const customer = intent.kind === 'assign' ? intent.customer : intent.bar.customerName
  const doIt =
    intent.kind === 'assign'
      ? verdict === 'ok'
        ? t('place.do.assign')
        : t('place.do.anyway')
      : samePerson
        ? t('place.do.move')
        : t('place.do.reassign')
  const endOf = (start: string, minutes: number) => new Date(Date.parse(start) + minutes * 60_000).toISOString()

  return (
    <dialog
      ref={ref}
      className="zc-dialog dispatch-place"
      aria-labelledby={id}
      onCancel={(e) => {
        e.preventDefault()
        onClose()
      }}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault()
          if (blocked || busy || (needsReason && !reason.trim())) return
          setBusy(true)
          void onWrite({ reason, override: verdict === 'override', askedBy }).finally(() => setBusy(false))
        }}
      >
        <h2 id={id}>{title}</h2>
        <p className="about">
          {customer}
          {intent.kind === 'assign' && placements[0] && ` · ${f.range(placements[0].start, placements[0].end)}`}
        </p>
        {intent.kind === 'move' && (
          <dl className="change">
            <dt>{t('place.from')}</dt>
            <dd>
              <PersonChip id={intent.from.id} name={intent.from.name} /> {f.range(intent.bar.start, intent.bar.end)}
            </dd>
            <dt>{t('place.to')}</dt>
            <dd>
              <PersonChip id={intent.person.id} name={intent.person.name} />{' '}
              {f.range(
                intent.start,
                endOf(intent.start, (Date.parse(intent.bar.end) - Date.parse(intent.bar.start)) / 60_000),
              )}
            </dd>
          </dl>
        )}
        <div className="verdict" data-meaning={MEANING[verdict]} role="status">
          {t(`place.${verdict}`)}
        </div>
        {placements.map((p) => {
          const said = p.engineer.id === raced && fromError.length > 0 ? fromError : (p.findings as Finding[])
          if (said.length === 0) return null
          return (
            <div key={p.engineer.id} className="person">
              {placements.length > 1 && <PersonChip id={p.engineer.id} name={p.engineer.name} />}
              <ul className="findings">
                {said.map((one) => (
                  <FindingLine key={`${one.code}${JSON.stringify(one.params)}`} severity={one.severity}>
                    {finding(one)}
                  </FindingLine>
                ))}
              </ul>
            </div>
          )
        })}
        {error && fromError.length === 0 && (
          <ul className="findings" role="alert">
            <FindingLine severity="refuse">{joinSentences([error.title, error.action])}</FindingLine>
          </ul>
        )}
        {verdict === 'override' && !mayOverride && <p className="about">{t('place.noRight')}</p>}
        {!blocked && timeMoves && (
          <fieldset className="choice">
            <legend>{t('place.askedBy')}</legend>
            {(['us', 'customer', 'engineer'] as const).map((who) => (
              <label key={who} className={`zc-chip${askedBy === who ? ' on' : ''}`}>
                <input
                  type="radio"
                  className="zc-hidden"
                  name={`${id}by`}
                  checked={askedBy === who}
                  onChange={() => setAskedBy(who)}
                />
                {t(`askedBy.${who}`)}
              </label>
            ))}
            <small>{t('askedBy.note')}</small>
          </fieldset>
        )}
        {!blocked && (
          <label className="field">
            <span>{needsReason ? t('place.reason') : t('place.reasonOptional')}</span>
            <textarea
              className="zc-input"
              rows={2}
              maxLength={500}
              required={needsReason}
              placeholder={t('place.reasonHint')}
              value={reason}
              onChange={(e) => setReason(e.target.value)}
            />
          </label>
        )}
        {!blocked && intent.kind === 'move' && (
          <div className="quick">
            {QUICK.map((one) => (
              <button key={one} type="button" className="zc-chip" onClick={() => setReason(t(`reason.${one}`))}>
                {t(`reason.${one}`)}
              </button>
            ))}
          </div>
        )}
        <div className="actions">
          <button type="button" className="zc-btn" onClick={onClose}>
            {blocked ? t('close') : t('place.back')}
          </button>
          {!blocked && (
            <button type="submit" className="zc-btn primary" disabled={busy || (needsReason && !reason.trim())}>
              {doIt}
            </button>
          )}
        </div>
      </form>
    </dialog>
  )
}
