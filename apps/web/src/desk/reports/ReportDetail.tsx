import { Bookmark, Eye, Hand, HandHeart, type LucideIcon, ThumbsUp } from 'lucide-react'
import { useEffect, useState } from 'react'
import { PersonChip } from '../../common/Avatar'
import type { Reply } from '../../common/api/call'
import { useCall, useCommand } from '../../common/api/query'
import { useDraft } from '../../common/draft'
import { useFormat } from '../../common/i18n/format'
import { joinList } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { PageHeader, Section } from '../../common/PageHeader'
import { useSay } from '../../common/report/say'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { PlaceLink } from '../PlaceLink'
import './reports.css'
import { TimeSection, usePersonDay } from './TimeSection'
import { words } from './words'

type Report = Reply<'GET /api/reports/:id'>
type Line = Report['lines'][number]
const REACTIONS: [Report['reactions'][number]['kind'], LucideIcon][] = [
  ['seen', Eye],
  ['thanks', HandHeart],
  ['well_done', ThumbsUp],
  ['attention', Bookmark],
]

/** One report with everything around it; opening it marks it as read. */
export function ReportDetail({ id }: { id: string }) {
  const t = useWords(words)
  const answer = useCall('GET /api/reports/:id', { params: { id } }, { watch: [{ aggregate: 'report', id }] })
  const { mutate: read } = useCommand('POST /api/reports/:id/read')
  useEffect(() => read({ params: { id }, body: {} }), [id, read])
  if (answer.error)
    return answer.error.status === 404 ? (
      <Empty icon={Hand} title={t('gone')}>
        {t('gone.text')}
      </Empty>
    ) : (
      <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
    )
  if (!answer.data) return <Loading shape="cards" lines={4} />
  return <Shown report={answer.data} onChanged={() => void answer.refetch()} />
}

function Shown({ report: r, onChanged }: { report: Report; onChanged: () => void }) {
  const t = useWords(words)
  const f = useFormat(r.zone)
  const { say, changed, exception, word } = useSay(r.zone)
  const time = usePersonDay(r.person.id, r.date)
  const orderOf = (visitId: string) => time.data?.days[0]?.entries.find((e) => e.visitId === visitId)?.orderId ?? null
  const placeOf = (l: Line): `/${string}` | null => {
    if (l.subject.kind === 'order') return `/orders/${l.subject.id}`
    if (l.subject.kind === 'document') return `/documents/${l.subject.id}`
    const order = l.subject.kind === 'visit' ? orderOf(l.subject.id) : null
    return order ? `/orders/${order}` : null
  }
  const groups: { key: string; title: string; lines: Line[] }[] = []
  for (const l of r.lines) {
    if (l.hidden) continue
    const last = groups.find((g) => g.key === l.group)
    if (last) last.lines.push(l)
    else
      groups.push({
        key: l.group,
        title: l.group.startsWith('visit:') ? String(l.params.customer ?? '') : word(`group.${l.group}`),
        lines: [l],
      })
  }
  const hidden = r.lines.filter((l) => l.hidden)
  return (
    <>
      <PageHeader
        level={2}
        title={r.person.name}
        meta={
          <>
            <span>{f.localDate(r.date)}</span>
            <span>{t('state.at', { time: f.when(r.submittedAt) })}</span>
            {r.version > 1 && <span>{t('version', { n: r.version })}</span>}
            {r.offline && <span>{t('offline')}</span>}
            {r.exceptions.map((e) => (
              <Tag key={e} quiet meaning="amber">
                {exception(e)}
              </Tag>
            ))}
          </>
        }
      />
      {r.differences.length > 0 && (
        <Section title={t('differences')} count={r.differences.length}>
          <p className="reports-note">{t('differences.note')}</p>
          <ul className="reports-lines">
            {r.differences.map((d) => (
              <li key={d.key}>{changed(d)}</li>
            ))}
          </ul>
        </Section>
      )}
      {r.own.length > 0 && (
        <Section title={t('own')}>
          <ul className="reports-lines">
            {r.own.map((o) => (
              <li key={`${o.kind}${o.text}`}>
                <b>{word(`own.${o.kind}`)}</b>
                {word('colon')}
                {o.text}
              </li>
            ))}
          </ul>
        </Section>
      )}
      {groups.map((g) => (
        <Section key={g.key} title={g.title}>
          <ul className="reports-lines">
            {g.lines.map((l) => {
              const place = placeOf(l)
              const text = l.text ?? say(l)
              return (
                <li key={l.key} data-exception={l.exception ?? undefined}>
                  {place ? <PlaceLink to={place}>{text}</PlaceLink> : text}
                  {l.text && <small>{t('reworded', { text: say(l) })}</small>}
                </li>
              )
            })}
          </ul>
        </Section>
      ))}
      {hidden.length > 0 && (
        <details className="reports-hidden">
          <summary>{t('hidden', { n: hidden.length })}</summary>
          <ul className="reports-lines">
            {hidden.map((l) => (
              <li key={l.key}>{say(l)}</li>
            ))}
          </ul>
        </details>
      )}
      <TimeSection personId={r.person.id} date={r.date} />
      <Talk report={r} onChanged={onChanged} />
      <p className="reports-note">{t('hash', { hash: r.hash.slice(0, 16) })}</p>
    </>
  )
}

function Talk({ report: r, onChanged }: { report: Report; onChanged: () => void }) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(r.zone)
  const { word } = useSay(r.zone)
  const [draft, setDraft, clear] = useDraft(`${me.id}.report-comment.${r.id}`, '')
  const [asking, setAsking] = useState<boolean | null>(null)
  const comment = useCommand('POST /api/reports/:id/comments', {
    onSuccess: () => {
      clear()
      setAsking(null)
      onChanged()
    },
  })
  const react = useCommand('POST /api/reports/:id/reactions', { onSuccess: onChanged })
  const send = (question: boolean) => {
    if (!draft.trim()) return
    setAsking(question)
    comment.mutate({ params: { id: r.id }, body: { body: draft.trim(), question } })
  }
  return (
    <Section title={t('talk')} count={r.comments.length}>
      {r.can.react && (
        <fieldset className="reports-react" aria-label={t('react')}>
          {REACTIONS.map(([kind, Icon]) => {
            const who = r.reactions.filter((x) => x.kind === kind)
            const mine = who.some((x) => x.person.id === me.id)
            return (
              <button
                key={kind}
                type="button"
                className="zc-chip"
                aria-pressed={mine}
                title={joinList(who.map((x) => x.person.name))}
                onClick={() => react.mutate({ params: { id: r.id }, body: { kind, on: !mine } })}
              >
                <Icon className="zc-icon" size={14} aria-hidden /> {word(`reaction.${kind}`)}
                {who.length > 0 && ` ${who.length}`}
              </button>
            )
          })}
        </fieldset>
      )}
      {r.comments.length === 0 ? (
        <p className="reports-note">{t('talk.none')}</p>
      ) : (
        <ul className="reports-talk">
          {r.comments.map((c) => (
            <li key={c.id}>
              <PersonChip id={c.author.id} name={c.author.name} />
              {c.question && (
                <Tag quiet meaning="amber">
                  {t('talk.asked')}
                </Tag>
              )}
              <small>{f.when(c.at)}</small>
              <p>{c.body}</p>
            </li>
          ))}
        </ul>
      )}
      {r.can.comment && (
        <form
          className="reports-form"
          onSubmit={(e) => {
            e.preventDefault()
            send(r.person.id !== me.id)
          }}
        >
          <textarea
            className="zc-input wide"
            rows={2}
            maxLength={2000}
            aria-label={t('talk.placeholder')}
            placeholder={t('talk.placeholder')}
            value={draft}
            onChange={(e) => setDraft(e.target.value)}
          />
          {r.person.id !== me.id && (
            <button type="submit" className="zc-btn" disabled={!draft.trim() || comment.isPending}>
              {t('talk.ask')}
            </button>
          )}
          <button
            type="button"
            className="zc-btn"
            disabled={!draft.trim() || comment.isPending}
            onClick={() => send(false)}
          >
            {t('talk.comment')}
          </button>
          {comment.error && asking !== null && <p className="reports-problem">{comment.error.message}</p>}
        </form>
      )}
      {r.reads.length > 0 && (
        <p className="reports-note">{t('reads', { names: joinList(r.reads.map((x) => x.person.name)) })}</p>
      )}
    </Section>
  )
}
