import {
  ChevronLeft,
  ChevronRight,
  CircleCheck,
  Eye,
  EyeOff,
  FileClock,
  PencilLine,
  Plus,
  Undo2,
  X,
} from 'lucide-react'
import { useState } from 'react'
import { Avatar } from '../../common/Avatar'
import { newId } from '../../common/api/call'
import { useDraft } from '../../common/draft'
import { useFormat } from '../../common/i18n/format'
import { joinList } from '../../common/i18n/join'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { DayStrip, StripLegend } from '../../common/report/DayStrip'
import { type TimeKind, useSay } from '../../common/report/say'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { useAct, useItems } from '../../offline'
import { Link, match, navigate, usePath } from '../router'
import { ActionBar, FieldBar } from '../shell/Shell'
import { useHeld } from '../today/useToday'
import '../visit/visit.css'
import { addDays, dayName, today } from '../zone'
import { CorrectSheet } from './CorrectSheet'
import type { Day } from './day'
import './report.css'
import { useDay } from './useDay'
import { words } from './words'

type Line = NonNullable<Day['row']['report']>['lines'][number]
type Own = { kind: 'note' | 'problem' | 'suggestion' | 'plan'; text: string }
const OWN: Own['kind'][] = ['problem', 'suggestion', 'plan', 'note']
interface Edits {
  lines: Record<string, { hidden?: boolean; text?: string }>
  own: Own[]
}

/** Where a fact can be looked at. */
function placeOf(line: Pick<Line, 'subject' | 'group' | 'params'>, day: Day): string | null {
  const { kind, id } = line.subject
  if (kind === 'visit') return `/m/visits/${id}`
  if (kind === 'document') {
    const visit = day.sentences.find((s) => s.subject.id === id)?.group
    return visit ? `/m/visits/${visit.replace('visit:', '')}` : null
  }
  return null
}

export default function ReportPage() {
  const me = useMe()
  const path = usePath()
  const date = match('/m/report/:date', path)?.date ?? today(me.zone)
  return <Report key={date} date={date} />
}

function Report({ date }: { date: string }) {
  const t = useWords(words)
  const me = useMe()
  const language = useLanguage()
  const day = useDay(date)
  const { here, error, again } = useHeld()
  const now = today(me.zone)
  return (
    <>
      <FieldBar title={t('title.day', { day: dayName(date, language) })} back="/m/today">
        <Link className="zc-btn quiet icon" to={`/m/report/${addDays(date, -1)}`} aria-label={t('day.before')}>
          <ChevronLeft className="zc-icon" size={22} aria-hidden />
        </Link>
        {date < now && (
          <Link className="zc-btn quiet icon" to={`/m/report/${addDays(date, 1)}`} aria-label={t('day.after')}>
            <ChevronRight className="zc-icon" size={22} aria-hidden />
          </Link>
        )}
      </FieldBar>
      {error && !day ? (
        <ErrorState error={error} onRetry={again} />
      ) : !here ? (
        <Loading shape="cards" lines={4} />
      ) : day && (day.worked || day.row.report || day.time.running) ? (
        <Written day={day} />
      ) : (
        <Empty
          icon={FileClock}
          title={t('empty')}
          action={
            <Link className="zc-btn" to="/m/report/week">
              {t('empty.week')}
            </Link>
          }
        >
          {t('empty.text')}
        </Empty>
      )}
    </>
  )
}

function Written({ day }: { day: Day }) {
  const t = useWords(words)
  const me = useMe()
  const { row } = day
  const f = useFormat(row.zone)
  const run = useAct()
  const items = useItems()
  const { say, changed, word } = useSay(row.zone)
  const [edits, setEdits, clear] = useDraft<Edits>(`${me.id}.report.${row.date}`, { lines: {}, own: [] })
  const [again, setAgain] = useState(false)
  const [editing, setEditing] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')
  const sent = row.report
  const open = !sent || again
  const waiting = items.some(
    (i) =>
      i.command === 'report.submit' &&
      (i.state === 'waiting' || i.state === 'sending') &&
      (i.body as { date?: string }).date === row.date,
  )

  const lines: Line[] = open
    ? day.sentences.map((s) => ({
        ...s,
        hidden: edits.lines[s.key]?.hidden ?? false,
        text: edits.lines[s.key]?.text?.trim() || null,
      }))
    : sent.lines
  const own = open ? edits.own : sent.own
  const change = (key: string, next: { hidden?: boolean; text?: string }) =>
    setEdits({ ...edits, lines: { ...edits.lines, [key]: { ...edits.lines[key], ...next } } })

  const submit = async () => {
    setBusy(true)
    setProblem('')
    try {
      await run('report.submit', me.id, {
        id: sent?.id ?? newId(),
        date: row.date,
        lines,
        own: own.map((o) => ({ ...o, text: o.text.trim() })).filter((o) => o.text !== ''),
      })
      clear()
      setAgain(false)
      setEditing(null)
      window.scrollTo(0, 0)
      toast(t('submit.done'))
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }

  const groups: { key: string; title: string; lines: Line[] }[] = []
  for (const line of lines) {
    if (!open && line.hidden) continue
    const last = groups.find((g) => g.key === line.group)
    if (last) last.lines.push(line)
    else
      groups.push({
        key: line.group,
        title: line.group.startsWith('visit:') ? String(line.params.customer ?? '') : word(`group.${line.group}`),
        lines: [line],
      })
  }
  const empty = lines.every((l) => l.hidden) && own.every((o) => o.text.trim() === '')

  return (
    <>
      <div className="zc-visit zc-report">
        <p className="state" role="status">
          {sent && !again ? (
            <Tag meaning="green" icon={CircleCheck}>
              {t(waiting ? 'submitted.waiting' : 'submitted', { when: f.when(sent.submittedAt) })}
            </Tag>
          ) : (
            t('drafted')
          )}
        </p>
        {sent && sent.differences.length > 0 && !again && (
          <section className="zc-part" aria-label={t('differences')}>
            <header>
              <h2>{t('differences')}</h2>
            </header>
            <p className="zc-note">{t('differences.text')}</p>
            <ul className="changes">
              {sent.differences.map((d) => (
                <li key={d.key}>{changed(d)}</li>
              ))}
            </ul>
          </section>
        )}
        {sent && sent.comments.length > 0 && <Talk day={day} />}
        <TimePart day={day} />
        {groups.map((g) => (
          <section key={g.key} className="zc-part" aria-label={g.title}>
            <header>
              <h2 className="zc-clip">{g.title}</h2>
            </header>
            <ul className="facts">
              {g.lines.map((line) => (
                <Fact
                  key={line.key}
                  line={line}
                  words={line.text ?? say(line)}
                  place={placeOf(line, day)}
                  editable={open}
                  editing={editing === line.key}
                  onEdit={(on) => {
                    // Rewording begins with the sentence as it stands.
                    if (on && !line.text) change(line.key, { text: say(line) })
                    if (!on && edits.lines[line.key]?.text?.trim() === say(line)) change(line.key, { text: '' })
                    setEditing(on ? line.key : null)
                  }}
                  typed={edits.lines[line.key]?.text ?? ''}
                  onText={(text) => change(line.key, { text })}
                  onHide={(hidden) => change(line.key, { hidden })}
                />
              ))}
            </ul>
          </section>
        ))}
        {own.length > 0 && (
          <section className="zc-part" aria-label={t('own.add')}>
            {own.map((o, i) =>
              open ? (
                <label key={`${o.kind}-${i}`} className="zc-field-row">
                  <span className="zc-with">
                    {word(`own.${o.kind}`)}
                    <button
                      type="button"
                      className="zc-btn quiet icon"
                      aria-label={t('own.remove')}
                      onClick={() => setEdits({ ...edits, own: edits.own.filter((_, at) => at !== i) })}
                    >
                      <X className="zc-icon" size={18} aria-hidden />
                    </button>
                  </span>
                  <textarea
                    className="zc-input"
                    rows={2}
                    maxLength={1000}
                    aria-label={t('own.label', { kind: word(`own.${o.kind}`) })}
                    value={o.text}
                    onChange={(e) =>
                      setEdits({
                        ...edits,
                        own: edits.own.map((x, at) => (at === i ? { ...x, text: e.target.value } : x)),
                      })
                    }
                  />
                </label>
              ) : (
                <p key={`${o.kind}-${i}`} className="own">
                  <b>{word(`own.${o.kind}`)}</b>
                  {word('colon')}
                  {o.text}
                </p>
              ),
            )}
          </section>
        )}
        {open && (
          <fieldset className="zc-quick" aria-label={t('own.add')}>
            {OWN.map((kind) => (
              <button
                key={kind}
                type="button"
                className="zc-btn"
                onClick={() => setEdits({ ...edits, own: [...edits.own, { kind, text: '' }] })}
              >
                <Plus className="zc-icon" size={16} aria-hidden />
                {word(`own.${kind}`)}
              </button>
            ))}
          </fieldset>
        )}
        {sent && !again && sent.reads.length > 0 && (
          <p className="zc-note">
            {t('reads', { names: joinList(sent.reads.map((r) => r.person.name)) })}
            {sent.reactions.length > 0 &&
              ` · ${joinList(sent.reactions.map((r) => `${r.person.name} ${word(`reaction.${r.kind}`)}`))}`}
          </p>
        )}
        {sent && !again && <p className="zc-note">{t('again')}</p>}
        {problem && (
          <p className="zc-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
      <ActionBar>
        {open ? (
          <button type="button" className="zc-btn primary" disabled={busy || empty} onClick={() => void submit()}>
            {t('submit')}
          </button>
        ) : (
          <button
            type="button"
            className="zc-btn big"
            onClick={() => {
              const texts = Object.fromEntries(
                sent.lines
                  .filter((l) => l.hidden || l.text)
                  .map((l) => [l.key, { hidden: l.hidden, text: l.text ?? '' }]),
              )
              setEdits({ lines: texts, own: [...sent.own] })
              setAgain(true)
            }}
          >
            {t('again.do')}
          </button>
        )}
      </ActionBar>
    </>
  )
}

function Fact({
  line,
  words: said,
  place,
  editable,
  editing,
  onEdit,
  typed,
  onText,
  onHide,
}: {
  line: Line
  words: string
  place: string | null
  editable: boolean
  editing: boolean
  onEdit: (on: boolean) => void
  typed: string
  onText: (text: string) => void
  onHide: (hidden: boolean) => void
}) {
  const t = useWords(words)
  return (
    <li data-hidden={line.hidden || undefined} data-exception={line.exception ?? undefined}>
      {editing ? (
        <div className="edit">
          <textarea
            className="zc-input"
            rows={3}
            maxLength={1000}
            aria-label={t('edit')}
            value={typed}
            onChange={(e) => onText(e.target.value)}
          />
          <div className="zc-quick">
            <button type="button" className="zc-btn" onClick={() => onText('')}>
              <Undo2 className="zc-icon" size={16} aria-hidden />
              {t('restore')}
            </button>
            <button type="button" className="zc-btn primary" onClick={() => onEdit(false)}>
              {t('done')}
            </button>
          </div>
        </div>
      ) : (
        <>
          {place ? (
            <button type="button" className="said" onClick={() => navigate(place)}>
              {said}
            </button>
          ) : (
            <span className="said">{said}</span>
          )}
          {editable && (
            <span className="tools">
              {!line.hidden && (
                <button type="button" className="zc-btn quiet icon" aria-label={t('edit')} onClick={() => onEdit(true)}>
                  <PencilLine className="zc-icon" size={18} aria-hidden />
                </button>
              )}
              <button
                type="button"
                className="zc-btn quiet icon"
                aria-label={t(line.hidden ? 'show' : 'hide')}
                onClick={() => onHide(!line.hidden)}
              >
                {line.hidden ? (
                  <Eye className="zc-icon" size={18} aria-hidden />
                ) : (
                  <EyeOff className="zc-icon" size={18} aria-hidden />
                )}
              </button>
            </span>
          )}
        </>
      )}
    </li>
  )
}

/** The strip of the day; gaps and entries can be corrected until the day is confirmed. */
function TimePart({ day }: { day: Day }) {
  const t = useWords(words)
  const { row, time } = day
  const f = useFormat(row.zone)
  const run = useAct()
  const { kind } = useSay(row.zone)
  const [fixing, setFixing] = useState<{
    from: number
    to: number
    was: TimeKind | null
    visitId: string | null
  } | null>(null)
  const keyOf = (e: Day['time']['entries'][number]) => `${e.kind}${e.from}`
  return (
    <section className="zc-part" id="time" aria-label={t('strip')}>
      <header>
        <h2>{t('strip')}</h2>
        <Link to="/m/report/week">{t('week')}</Link>
      </header>
      <DayStrip
        zone={row.zone}
        entries={time.entries.map((e) => ({
          key: keyOf(e),
          kind: e.kind,
          from: e.from,
          to: e.to,
          corrected: e.correctionId !== null,
        }))}
        gaps={row.confirmed ? [] : time.gaps}
        shift={day.shift}
        running={time.running}
        now={Date.now()}
        onGap={
          row.confirmed
            ? undefined
            : (g) => {
                const gap = time.gaps.find((x) => x.from === g.from)
                setFixing({ from: g.from, to: g.to, was: null, visitId: gap?.visitId ?? null })
              }
        }
        onEntry={
          row.confirmed
            ? undefined
            : (key) => {
                const e = time.entries.find((x) => keyOf(x) === key)
                if (e) setFixing({ from: e.from, to: e.to, was: e.kind, visitId: e.visitId })
              }
        }
      />
      <StripLegend minutes={time.minutes} zone={row.zone} />
      <p className="zc-note">{t(row.confirmed ? 'strip.locked' : 'strip.note')}</p>
      {row.corrections.length > 0 && (
        <ul className="corrections" aria-label={t('corrections')}>
          {row.corrections.map((c) => (
            <li key={c.id} data-gone={c.withdrawn ? '' : undefined}>
              <span>
                {t('corrections.line', {
                  span: `${f.time(c.from)}–${f.time(c.to)}`,
                  kind: c.kind ? kind(c.kind) : t('none'),
                  reason: c.reason,
                })}
              </span>
              {c.withdrawn ? (
                <small>{t('withdrawn')}</small>
              ) : (
                !row.confirmed && (
                  <button
                    type="button"
                    className="zc-btn quiet"
                    onClick={() => void run('time.withdraw', c.id, { reason: t('withdraw') })}
                  >
                    {t('withdraw')}
                  </button>
                )
              )}
            </li>
          ))}
        </ul>
      )}
      {fixing && (
        <CorrectSheet key={fixing.from} date={row.date} zone={row.zone} {...fixing} onClose={() => setFixing(null)} />
      )}
    </section>
  )
}

/** What the supervisor asks, and the answer. */
function Talk({ day }: { day: Day }) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(day.row.zone)
  const run = useAct()
  const report = day.row.report
  const [draft, setDraft, clear] = useDraft(`${me.id}.answer.${report?.id}`, '')
  if (!report) return null
  return (
    <section className="zc-part" aria-label={t('talk')}>
      <header>
        <h2>{t('talk')}</h2>
      </header>
      <ul className="talk">
        {report.comments.map((c) => (
          <li key={c.id}>
            <Avatar id={c.author.id} name={c.author.name} size={28} />
            <div>
              <small>
                {c.author.name} · {f.when(c.at)}
                {c.question && ` · ${t('talk.asks')}`}
              </small>
              <p>{c.body}</p>
            </div>
          </li>
        ))}
      </ul>
      <form
        className="answer"
        onSubmit={(e) => {
          e.preventDefault()
          if (!draft.trim()) return
          void run('report.comment', report.id, { id: newId(), body: draft.trim() }).then(clear)
        }}
      >
        <textarea
          className="zc-input"
          rows={2}
          maxLength={2000}
          aria-label={t('talk.answer')}
          placeholder={t('talk.answer')}
          value={draft}
          onChange={(e) => setDraft(e.target.value)}
        />
        <button type="submit" className="zc-btn" disabled={!draft.trim()}>
          {t('talk.send')}
        </button>
      </form>
    </section>
  )
}
