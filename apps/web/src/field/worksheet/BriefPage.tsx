import { useDraft } from '../../common/draft'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { orderWords } from '../../common/order.words'
import { StateTag, Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import type { VisitFull } from '../../offline/visits'
import { usePageParams } from '../router'
import { ActionBar, FieldBar } from '../shell/Shell'
import { useDocuments, useVisit } from '../visit/data'
import { Entry } from '../visit/Entry'
import { StepButtons, useSteps } from '../visit/steps'
import '../visit/visit.css'
import { type Brief, useBrief } from './data'
import './work.css'
import { useText } from './text'
import { words } from './words'

function Case({
  head,
  sub,
  why,
  lines,
}: {
  head: string
  sub: string
  why?: string[]
  lines: [string, string | null][]
}) {
  return (
    <article className="zc-case">
      <b>{head}</b>
      <small>{sub}</small>
      {why && why.length > 0 && (
        <span className="why">
          {why.map((w) => (
            <Tag key={w} quiet meaning="violet">
              {w}
            </Tag>
          ))}
        </span>
      )}
      {lines.map(
        ([label, text]) =>
          text && (
            <p key={label}>
              <b>{label}</b> {text}
            </p>
          ),
      )}
    </article>
  )
}

function Body({ visit, brief }: { visit: VisitFull; brief: Brief }) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const text = useText()
  const me = useMe()
  const f = useFormat(visit.site?.zone ?? me.zone)
  // Ticked off for oneself: it stays on this phone.
  const [packed, setPacked] = useDraft<string[]>(`${me.id}.pack.${visit.id}`, [])
  const documents = useDocuments(visit.id)
  const steps = useSteps(visit, documents.data?.rows ?? [], visit.customerConfirmedAt !== null)
  const keyOf = (b: Brief['bring'][number]) => `${b.what}/${b.name.zh}`
  const part = (title: string, children: React.ReactNode, aside?: string) => (
    <section className="zc-part">
      <header>
        <h2>{title}</h2>
        {aside && <small>{aside}</small>}
      </header>
      {children}
    </section>
  )
  return (
    <>
      <div className="zc-visit">
        {part(
          t('brief.bring'),
          brief.bring.length === 0 ? (
            <p className="zc-note">{t('brief.bring.empty')}</p>
          ) : (
            <ul className="zc-pack">
              {brief.bring.map((b) => (
                <li key={keyOf(b)}>
                  <label>
                    <input
                      type="checkbox"
                      checked={packed.includes(keyOf(b))}
                      onChange={(e) =>
                        setPacked(e.target.checked ? [...packed, keyOf(b)] : packed.filter((k) => k !== keyOf(b)))
                      }
                    />
                    <span className="main">
                      <b>{b.qty > 1 ? t('brief.qty', { name: text(b.name), n: b.qty }) : text(b.name)}</b>
                      <small>{[t(`brief.${b.what}`), b.part, text(b.from)].filter(Boolean).join(' · ')}</small>
                    </span>
                  </label>
                </li>
              ))}
            </ul>
          ),
          brief.bring.length > 0
            ? t('brief.packed', {
                n: brief.bring.filter((b) => packed.includes(keyOf(b))).length,
                total: brief.bring.length,
              })
            : undefined,
        )}
        {visit.site && <Entry site={visit.site} at={visit.planned.start} />}
        {brief.failed.length > 0 &&
          part(
            t('brief.failed'),
            <ul className="zc-lines">
              {brief.failed.map((x) => (
                <li key={`${x.visitId}${x.label.zh}`}>
                  {[f.date(x.at), text(x.label), x.note].filter(Boolean).join(' · ')}
                </li>
              ))}
            </ul>,
          )}
        {brief.open.length > 0 &&
          part(
            t('brief.open'),
            brief.open.map((x) => (
              <div key={x.orderId} className="zc-line plain">
                <b className="zc-clip">{x.title}</b>
                <StateTag kind="order" state={x.state} quiet />
              </div>
            )),
          )}
        {part(
          t('brief.history'),
          brief.history.length === 0 ? (
            <p className="zc-note">{t('brief.history.empty')}</p>
          ) : (
            brief.history.map((h) => (
              <Case
                key={h.visitId}
                head={h.title}
                sub={[f.date(h.at), h.engineer?.name, h.result && o(`result.${h.result}`)].filter(Boolean).join(' · ')}
                lines={[
                  [t('brief.found'), h.found],
                  [t('brief.did'), h.done],
                  [t('brief.left'), h.remaining],
                ]}
              />
            ))
          ),
        )}
        {part(
          t('brief.similar'),
          brief.similar.length === 0 ? (
            <p className="zc-note">{t('brief.similar.empty')}</p>
          ) : (
            brief.similar.map((s) => (
              <Case
                key={s.orderId}
                head={s.title}
                sub={[f.date(s.at), s.engineer?.name, s.model].filter(Boolean).join(' · ')}
                why={[
                  ...(s.why.model ? [t('brief.why.model')] : []),
                  ...s.why.words.map((word) => t('brief.why.word', { word })),
                ]}
                lines={[
                  [t('brief.found'), s.found],
                  [t('brief.did'), s.done],
                ]}
              />
            ))
          ),
        )}
        {brief.assets.length > 0 && (
          <section className="zc-part">
            <details className="zc-details">
              <summary>{t('brief.assets', { n: brief.assets.length })}</summary>
              <ul className="zc-lines">
                {brief.assets.map((a) => (
                  <li key={a.id}>{[a.name, a.model, a.serial].filter(Boolean).join(' · ')}</li>
                ))}
              </ul>
            </details>
          </section>
        )}
      </div>
      {(steps.primary || steps.more.length > 0) && (
        <ActionBar>
          <StepButtons steps={steps} />
        </ActionBar>
      )}
      {steps.sheet}
    </>
  )
}

/** Before setting out: what to bring, how to get in, what happened here, cases like it. Works without a network. */
export default function BriefPage() {
  const t = useWords(words)
  const { id } = usePageParams('/m/visits/:id/brief')
  const visit = useVisit(id)
  const brief = useBrief(id)
  const bar = <FieldBar title={t('brief.title')} back={`/m/visits/${id}`} />
  if (visit.data && brief.data)
    return (
      <>
        {bar}
        <Body visit={visit.data} brief={brief.data} />
      </>
    )
  if (visit.isError || brief.isError)
    return (
      <>
        {bar}
        <ErrorState
          error={visit.error ?? brief.error}
          onRetry={() => {
            void visit.refetch()
            void brief.refetch()
          }}
        />
      </>
    )
  return (
    <>
      {bar}
      <Loading shape="cards" lines={3} />
    </>
  )
}
