import { useState } from 'react'
import { useDraft } from '../../common/draft'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { useAct, useItems, useStatus } from '../../offline'
import { isPending } from '../../offline/outbox'
import type { DocumentRow, VisitFull } from '../../offline/visits'
import { Link, navigate, usePageParams } from '../router'
import { ActionBar, FieldBar } from '../shell/Shell'
import { ChecksLeft } from '../worksheet/ChecksLeft'
import { lacking, useSheet } from '../worksheet/data'
import { useDocuments, useVisit } from './data'
import { words } from './finish.words'
import { lastFix } from './fix'
import { Chips } from './Sheet'
import './visit.css'

type Result = 'done' | 'partial' | 'unable'
const CAUSES = ['customer_absent', 'site_not_ready', 'wrong_equipment', 'no_access', 'product_fault', 'other'] as const
type Draft = {
  result: Result
  remaining: string
  cause: (typeof CAUSES)[number] | null
  foreseeable: 'yes' | 'no' | null
  text: string
  follow: boolean
  why: string
}

function Form({ visit, documents }: { visit: VisitFull; documents: DocumentRow[] }) {
  const t = useWords(words)
  const me = useMe()
  const language = useLanguage()
  const run = useAct()
  const items = useItems()
  const asked = new URLSearchParams(location.search).get('result')
  const [draft, setDraft, clear] = useDraft<Draft>(`${me.id}.finish.${visit.id}`, {
    result: 'done',
    remaining: '',
    cause: null,
    foreseeable: null,
    text: '',
    follow: false,
    why: '',
  })
  // 更多 › 部分完成 chooses the result; what was typed before stays.
  const [chosen, setChosen] = useState<Result | null>(asked === 'partial' || asked === 'unable' ? asked : null)
  const result = chosen ?? draft.result
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()

  const name = (d: DocumentRow) => (language === 'zh-CN' ? d.title.zh : d.title.en)
  // Work that could not be done has nothing to deliver.
  const open = result === 'unable' ? [] : documents.filter((d) => d.missing > 0)
  const unsigned =
    result === 'unable' || visit.mode === 'remote'
      ? []
      : documents.filter((d) => d.missing === 0 && d.state !== 'signed')
  const sheet = useSheet(visit.id)
  const { contact } = useStatus()
  // Only work that is done has to show its checks, and the lead answers for them.
  const checks = result === 'done' && visit.role === 'lead' ? lacking(sheet.data) : []
  const ready =
    (result !== 'partial' || draft.remaining.trim() !== '') &&
    (result !== 'unable' ||
      (draft.cause !== null && draft.foreseeable !== null && (draft.cause !== 'other' || draft.text.trim() !== ''))) &&
    (open.length === 0 || (draft.follow && draft.why.trim() !== '')) &&
    // Without a network nobody is kept: the record says what is missing.
    (checks.length === 0 || contact === false)

  const finish = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const fix = visit.mode === 'remote' ? undefined : await lastFix()
      const reason = result === 'unable' ? draft.text.trim() : open.length > 0 ? draft.why.trim() : ''
      // What was filled and signed before is told before the end, or the end would miss it.
      const papers = new Set(documents.map((d) => d.id))
      const mine = (subject: string) => papers.has(subject) || subject === sheet.data?.id
      const after = items.filter((i) => isPending(i) && mine(i.subject)).map((i) => i.commandId)
      await run(
        'visit.finish',
        visit.id,
        {
          result,
          ...(result === 'partial' ? { remaining: draft.remaining.trim() } : {}),
          ...(result === 'unable' && draft.cause
            ? { cause: draft.cause, foreseeable: draft.foreseeable === 'yes' }
            : {}),
          ...(fix ? { fix } : {}),
          pendingDocuments: open.map((d) => d.id),
          ...(reason ? { reason } : {}),
        },
        { after },
      )
      clear()
      toast(t('confirmed', { place: visit.customer.name }))
      navigate(visit.mode === 'remote' ? `/m/visits/${visit.id}` : '/m/today', { replace: true })
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      <div className="zc-visit">
        <section className="zc-part">
          <Chips
            name="result"
            label={t('result')}
            options={(['done', 'partial', 'unable'] as const).map((r) => [r, t(r)] as const)}
            value={result}
            onChange={(next) => {
              setChosen(null)
              setDraft({ ...draft, result: next })
            }}
          />
          {result === 'partial' && (
            <label className="zc-field-row">
              <span>{t('remaining')}</span>
              <textarea
                className="zc-input"
                rows={4}
                maxLength={4000}
                placeholder={t('remaining.hint')}
                value={draft.remaining}
                onChange={(e) => setDraft({ ...draft, result, remaining: e.target.value })}
              />
            </label>
          )}
          {result === 'unable' && (
            <>
              <Chips
                name="cause"
                label={t('cause')}
                options={CAUSES.map((c) => [c, t(c)] as const)}
                value={draft.cause}
                onChange={(cause) => setDraft({ ...draft, result, cause })}
              />
              <Chips
                name="foreseeable"
                label={t('foreseeable')}
                options={[
                  ['yes', t('foreseeable.yes')],
                  ['no', t('foreseeable.no')],
                ]}
                value={draft.foreseeable}
                onChange={(foreseeable) => setDraft({ ...draft, result, foreseeable })}
              />
              <label className="zc-field-row">
                <span>{t('words')}</span>
                <textarea
                  className="zc-input"
                  rows={3}
                  maxLength={500}
                  placeholder={t('words.hint')}
                  value={draft.text}
                  onChange={(e) => setDraft({ ...draft, result, text: e.target.value })}
                />
              </label>
            </>
          )}
        </section>
        {checks.length > 0 && <ChecksLeft visitId={visit.id} checks={checks} offline={contact === false} />}
        {open.length > 0 && (
          <section className="zc-part">
            <header>
              <h2>{t('documents')}</h2>
            </header>
            {open.map((d) => (
              <Link key={d.id} className="zc-line" to={`/m/visits/${visit.id}/documents/${d.id}`}>
                <b className="zc-clip">{t('fill', { document: name(d) })}</b>
                <Tag meaning="amber">{t('missing', { n: d.missing })}</Tag>
              </Link>
            ))}
            <label className="zc-tick">
              <input
                type="checkbox"
                checked={draft.follow}
                onChange={(e) => setDraft({ ...draft, result, follow: e.target.checked })}
              />
              {t('follow')}
            </label>
            {draft.follow && (
              <label className="zc-field-row">
                <span>{t('why')}</span>
                <textarea
                  className="zc-input"
                  rows={2}
                  maxLength={500}
                  placeholder={t('why.hint')}
                  value={draft.why}
                  onChange={(e) => setDraft({ ...draft, result, why: e.target.value })}
                />
              </label>
            )}
          </section>
        )}
        {unsigned.map((d) => (
          <section key={d.id} className="zc-part">
            <p className="zc-note">{t('unsigned', { document: name(d) })}</p>
            <Link className="zc-btn" to={`/m/visits/${visit.id}/documents/${d.id}/sign`}>
              {t('sign')}
            </Link>
          </section>
        ))}
        {problem && (
          <p className="zc-problem" role="alert">
            {t('failed', { why: problem })}
          </p>
        )}
      </div>
      <ActionBar>
        <button type="button" className="zc-btn primary big" disabled={busy || !ready} onClick={() => void finish()}>
          {busy ? t('doing') : t(`do.${result}`)}
        </button>
      </ActionBar>
    </>
  )
}

/** The end of the visit: done, partial with what is left, or unable with why; what is missing is named with a way there. */
export default function FinishPage() {
  const t = useWords(words)
  const { id = '' } = usePageParams('/m/visits/:id/finish')
  const visit = useVisit(id)
  const documents = useDocuments(id)
  const bar = <FieldBar title={t(visit.data?.mode === 'remote' ? 'remoteTitle' : 'title')} back={`/m/visits/${id}`} />
  const error = visit.error ?? documents.error
  if (error)
    return (
      <>
        {bar}
        <ErrorState
          error={error}
          onRetry={() => {
            void visit.refetch()
            void documents.refetch()
          }}
        />
      </>
    )
  if (!visit.data || !documents.data)
    return (
      <>
        {bar}
        <Loading shape="cards" lines={2} />
      </>
    )
  if (!visit.data.can.finish)
    return (
      <>
        {bar}
        <Empty
          title={t('over')}
          action={
            <Link className="zc-btn" to="/m/today">
              {t('today')}
            </Link>
          }
        >
          {t('over.text')}
        </Empty>
      </>
    )
  return (
    <>
      {bar}
      <Form visit={visit.data} documents={documents.data.rows} />
    </>
  )
}
