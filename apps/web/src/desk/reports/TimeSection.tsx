import { useState } from 'react'
import type { Reply } from '../../common/api/call'
import { useCall, useCommand } from '../../common/api/query'
import { useFormat } from '../../common/i18n/format'
import { joinList } from '../../common/i18n/join'
import { instantOf } from '../../common/i18n/wallTime'
import { useWords } from '../../common/i18n/words'
import { Section } from '../../common/PageHeader'
import { DayStrip, StripLegend } from '../../common/report/DayStrip'
import { KINDS, type TimeKind, useSay } from '../../common/report/say'
import { Tag } from '../../common/StateTag'
import { ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import './reports.css'
import { words } from './words'

export type TimeDay = Reply<'GET /api/people/:id/time'>['days'][number]
const ms = (iso: string) => Date.parse(iso)

export function usePersonDay(personId: string, date: string) {
  return useCall(
    'GET /api/people/:id/time',
    { params: { id: personId }, query: { from: date, to: date } },
    { watch: ['workday'] },
  )
}

/** A person's day as a strip with its gaps and corrections; the supervisor confirms it or opens it again. */
export function TimeSection({ personId, date }: { personId: string; date: string }) {
  const t = useWords(words)
  const answer = usePersonDay(personId, date)
  const day = answer.data?.days[0]
  if (answer.error) return <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
  if (!day)
    return (
      <Section title={t('time')}>
        <Loading lines={2} />
      </Section>
    )
  return <Shown personId={personId} day={day} onChanged={() => void answer.refetch()} />
}

function Shown({ personId, day, onChanged }: { personId: string; day: TimeDay; onChanged: () => void }) {
  const t = useWords(words)
  const f = useFormat(day.zone)
  const { kind, total, word } = useSay(day.zone)
  const [fixing, setFixing] = useState<{ from: number; to: number } | null>(null)
  const [opening, setOpening] = useState(false)
  const [reason, setReason] = useState('')
  const confirm = useCommand('POST /api/people/:id/time-confirm', {
    onSuccess: ({ confirmed }) => {
      toast(t('confirm.done', { n: confirmed }))
      onChanged()
    },
  })
  const reopen = useCommand('POST /api/people/:id/time-reopen', {
    onSuccess: () => {
      setOpening(false)
      setReason('')
      onChanged()
    },
  })
  const span = (a: string, b: string) => `${f.time(a)}–${f.time(b)}`
  return (
    <Section
      title={t('time')}
      actions={
        <>
          <Tag quiet meaning={day.state === 'confirmed' ? 'green' : 'grey'}>
            {day.confirmed ? t('time.state.confirmed', { name: day.confirmed.by.name }) : t('time.state.open')}
          </Tag>
          {day.can.confirm && (
            <button
              type="button"
              className="zc-btn"
              disabled={confirm.isPending}
              onClick={() => confirm.mutate({ params: { id: personId }, body: { from: day.date, to: day.date } })}
            >
              {t('confirm')}
            </button>
          )}
          {day.can.reopen && (
            <button type="button" className="zc-btn" onClick={() => setOpening(true)}>
              {t('reopen')}
            </button>
          )}
          {day.can.correct && !fixing && (
            <button
              type="button"
              className="zc-btn quiet"
              onClick={() => {
                const gap = day.gaps[0]
                const last = day.entries.at(-1)
                const from = gap
                  ? ms(gap.from)
                  : last
                    ? ms(last.to)
                    : ms(instantOf(`${day.date}T09:00`, day.zone) as string)
                setFixing({ from, to: gap ? ms(gap.to) : from + 1_800_000 })
              }}
            >
              {t('fix')}
            </button>
          )}
        </>
      }
    >
      {(confirm.error ?? reopen.error) && <p className="reports-problem">{(confirm.error ?? reopen.error)?.message}</p>}
      {opening && (
        <form
          className="reports-form"
          onSubmit={(e) => {
            e.preventDefault()
            if (reason.trim())
              reopen.mutate({ params: { id: personId }, body: { date: day.date, reason: reason.trim() } })
          }}
        >
          <span>{t('reopen.ask', { date: f.localDate(day.date) })}</span>
          <input
            className="zc-input"
            aria-label={t('reopen.reason')}
            placeholder={t('reopen.reason')}
            maxLength={500}
            value={reason}
            onChange={(e) => setReason(e.target.value)}
          />
          <button type="submit" className="zc-btn primary" disabled={!reason.trim() || reopen.isPending}>
            {t('reopen')}
          </button>
        </form>
      )}
      {day.difference && (
        <p className="reports-warn">
          {t('time.differs', { was: total(day.difference.was) || '0', is: total(day.difference.is) || '0' })}
        </p>
      )}
      {day.lateAt && <p className="reports-note">{t('time.late')}</p>}
      {day.entries.length === 0 && day.gaps.length === 0 ? (
        <p className="reports-note">{t('time.none')}</p>
      ) : (
        <>
          <DayStrip
            zone={day.zone}
            entries={day.entries.map((e) => ({
              key: e.id,
              kind: e.kind,
              from: ms(e.from),
              to: ms(e.to),
              corrected: e.correctionId !== null,
            }))}
            gaps={day.gaps.map((g) => ({ from: ms(g.from), to: ms(g.to), cause: g.cause }))}
            onGap={day.can.correct ? (g) => setFixing({ from: g.from, to: g.to }) : undefined}
            onEntry={
              day.can.correct
                ? (id) => {
                    const e = day.entries.find((x) => x.id === id)
                    if (e) setFixing({ from: ms(e.from), to: ms(e.to) })
                  }
                : undefined
            }
          />
          <StripLegend minutes={day.minutes} zone={day.zone} />
        </>
      )}
      {day.gaps.length > 0 && (
        <ul className="reports-lines">
          {day.gaps.map((g) => (
            <li key={g.from}>
              {t('time.gap', { span: span(g.from, g.to), cause: word(`gap.${g.cause}`), time: f.duration(g.minutes) })}
            </li>
          ))}
        </ul>
      )}
      {fixing && (
        <Fix
          key={fixing.from}
          personId={personId}
          day={day}
          {...fixing}
          onClose={() => setFixing(null)}
          onSaved={() => {
            setFixing(null)
            onChanged()
          }}
        />
      )}
      {day.corrections.length > 0 && (
        <>
          <h3 className="reports-sub">{t('time.corrections')}</h3>
          <ul className="reports-lines">
            {day.corrections.map((c) => (
              <li key={c.id} data-gone={c.withdrawn ? '' : undefined}>
                {t('time.correction', {
                  span: span(c.from, c.to),
                  kind: c.kind ? kind(c.kind) : t('time.none.kind'),
                  reason: c.reason,
                  by: c.by.name,
                })}
                {c.was.length > 0 && (
                  <small>
                    {t('time.was', { text: joinList(c.was.map((w) => `${kind(w.kind)} ${span(w.from, w.to)}`)) })}
                  </small>
                )}
                {c.withdrawn && <small>{t('time.withdrawn')}</small>}
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  )
}

function Fix({
  personId,
  day,
  from,
  to,
  onClose,
  onSaved,
}: {
  personId: string
  day: TimeDay
  from: number
  to: number
  onClose: () => void
  onSaved: () => void
}) {
  const t = useWords(words)
  const f = useFormat(day.zone)
  const { kind: nameOf } = useSay(day.zone)
  const [kind, setKind] = useState<TimeKind | 'none'>('travel')
  const [start, setStart] = useState(f.time(from))
  const [end, setEnd] = useState(f.time(to))
  const [reason, setReason] = useState('')
  const save = useCommand('POST /api/people/:id/time-corrections', {
    onSuccess: () => {
      toast(t('fix.done'))
      onSaved()
    },
  })
  const at = (clock: string) => instantOf(`${day.date}T${clock}`, day.zone)
  return (
    <form
      className="reports-form"
      onSubmit={(e) => {
        e.preventDefault()
        const [a, b] = [at(start), at(end)]
        if (!a || !b || !reason.trim()) return
        save.mutate({
          params: { id: personId },
          body: { date: day.date, from: a, to: b, kind: kind === 'none' ? null : kind, reason: reason.trim() },
        })
      }}
    >
      <select
        className="zc-input"
        aria-label={t('fix.kind')}
        value={kind}
        onChange={(e) => setKind(e.target.value as TimeKind)}
      >
        {KINDS.map((k) => (
          <option key={k} value={k}>
            {nameOf(k)}
          </option>
        ))}
        <option value="none">{t('time.none.kind')}</option>
      </select>
      <input
        className="zc-input"
        type="time"
        aria-label={t('fix.from')}
        value={start}
        onChange={(e) => setStart(e.target.value)}
      />
      <input
        className="zc-input"
        type="time"
        aria-label={t('fix.to')}
        value={end}
        onChange={(e) => setEnd(e.target.value)}
      />
      <input
        className="zc-input wide"
        aria-label={t('fix.reason')}
        placeholder={t('fix.reason')}
        maxLength={500}
        value={reason}
        onChange={(e) => setReason(e.target.value)}
        onKeyDown={(e) => e.key === 'Escape' && onClose()}
      />
      <button type="submit" className="zc-btn primary" disabled={!reason.trim() || save.isPending}>
        {t('fix.save')}
      </button>
      {save.error && <p className="reports-problem">{save.error.message}</p>}
    </form>
  )
}
