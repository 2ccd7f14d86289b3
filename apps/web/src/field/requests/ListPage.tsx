import { HandHelping } from 'lucide-react'
import type { ReactNode } from 'react'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { escalationMeaning, handoverMeaning, requestMeaning, requestWords } from '../../common/request.words'
import { StateTag, Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, Loading } from '../../common/states'
import { useRows, useStatus } from '../../offline'
import { Link } from '../router'
import { FieldBar } from '../shell/Shell'
import '../visit/visit.css'
import './requests.css'
import { useWaiting } from './waiting'
import { words } from './words'

function Line({ to, title, note, tag }: { to: string; title: string; note: string; tag: ReactNode }) {
  return (
    <Link className="zc-line" to={to}>
      <b className="zc-clip">
        {title} <small className="zc-clip">{note}</small>
      </b>
      {tag}
    </Link>
  )
}

/** Everything around the work that waits for me or that I asked for. */
export default function ListPage() {
  const t = useWords(words)
  const w = useWords(requestWords)
  const me = useMe()
  const f = useFormat(me.zone)
  const { ready } = useStatus()
  const waiting = useWaiting()
  const requests = useRows('request')
  const handovers = useRows('handover')
  const escalations = useRows('escalation')
  const reported = useRows('reported')
  const lost = useRows('lost')
  const forMe = [
    ...waiting.lost.map((l) => ({
      key: l.visitId,
      at: l.takenAwayAt ?? l.planned.start,
      node: (
        <Line
          key={l.visitId}
          to={`/m/requests/lost/${l.visitId}`}
          title={t('lost.line')}
          note={l.customer.name}
          tag={<Tag meaning="amber">{t('lost.open')}</Tag>}
        />
      ),
    })),
    ...waiting.handovers.map((h) => ({
      key: h.id,
      at: h.askedAt,
      node: (
        <Line
          key={h.id}
          to={`/m/requests/handovers/${h.id}`}
          title={t('handover.from', { from: h.from.name, to: h.to.name })}
          note={h.customer.name}
          tag={<Tag meaning="blue">{w('handover.open')}</Tag>}
        />
      ),
    })),
    ...waiting.requests.map((r) => ({
      key: r.id,
      at: r.askedAt,
      node: (
        <Line
          key={r.id}
          to={`/m/requests/asked/${r.id}`}
          title={`${w(`kind.${r.kind}`)} · ${r.askedBy.name}`}
          note={r.reason}
          tag={<Tag meaning={requestMeaning[r.state] ?? 'grey'}>{w(`state.${r.state}`)}</Tag>}
        />
      ),
    })),
    ...waiting.escalations.map((e) => ({
      key: e.id,
      at: e.raisedAt,
      node: (
        <Line
          key={e.id}
          to={`/m/requests/escalations/${e.id}`}
          title={e.title}
          note={e.customer.name}
          tag={<Tag meaning={escalationMeaning[e.state] ?? 'grey'}>{w(`escalation.${e.state}`)}</Tag>}
        />
      ),
    })),
  ].sort((a, b) => b.at.localeCompare(a.at))
  const here = new Set(forMe.map((x) => x.key))
  const mine = [
    ...requests
      .filter((r) => !here.has(r.id))
      .map((r) => ({
        at: r.askedAt,
        node: (
          <Line
            key={r.id}
            to={`/m/requests/asked/${r.id}`}
            title={w(`kind.${r.kind}`)}
            note={`${r.customer.name} · ${f.when(r.askedAt)}`}
            tag={<Tag meaning={requestMeaning[r.state] ?? 'grey'}>{w(`state.${r.state}`)}</Tag>}
          />
        ),
      })),
    ...handovers
      .filter((h) => !here.has(h.id))
      .map((h) => ({
        at: h.askedAt,
        node: (
          <Line
            key={h.id}
            to={`/m/requests/handovers/${h.id}`}
            title={t('handover.from', { from: h.from.name, to: h.to.name })}
            note={`${h.customer.name} · ${f.when(h.askedAt)}`}
            tag={<Tag meaning={handoverMeaning[h.state] ?? 'grey'}>{w(`handover.${h.state}`)}</Tag>}
          />
        ),
      })),
    ...escalations
      .filter((e) => !here.has(e.id))
      .map((e) => ({
        at: e.raisedAt,
        node: (
          <Line
            key={e.id}
            to={`/m/requests/escalations/${e.id}`}
            title={e.title}
            note={`${e.number || t('noNumber')} · ${w(`to.${e.to}`)}`}
            tag={<Tag meaning={escalationMeaning[e.state] ?? 'grey'}>{w(`escalation.${e.state}`)}</Tag>}
          />
        ),
      })),
    ...lost
      .filter((l) => !here.has(l.visitId))
      .map((l) => ({
        at: l.takenAwayAt ?? l.planned.start,
        node: (
          <Line
            key={l.visitId}
            to={`/m/requests/lost/${l.visitId}`}
            title={t('lost.line')}
            note={l.customer.name}
            tag={<Tag meaning="grey">{l.handover ? w(`handover.${l.handover.state}`) : t('lost.open')}</Tag>}
          />
        ),
      })),
  ].sort((a, b) => b.at.localeCompare(a.at))
  const all = forMe.length + mine.length + reported.length
  return (
    <>
      <FieldBar title={t('title')} back="/m/me" />
      <div className="zc-visit">
        {!ready && <Loading shape="cards" lines={3} />}
        {ready && all === 0 && (
          <Empty
            icon={HandHelping}
            title={t('empty')}
            action={
              <Link className="zc-btn" to="/m/today">
                {t('empty.today')}
              </Link>
            }
          >
            {t('empty.text')}
          </Empty>
        )}
        {forMe.length > 0 && (
          <section className="zc-part">
            <header>
              <h2>{t('forMe')}</h2>
            </header>
            {forMe.map((x) => x.node)}
          </section>
        )}
        {mine.length > 0 && (
          <section className="zc-part">
            <header>
              <h2>{t('mine')}</h2>
            </header>
            {mine.map((x) => x.node)}
          </section>
        )}
        {reported.length > 0 && (
          <section className="zc-part">
            <header>
              <h2>{t('reported')}</h2>
            </header>
            {[...reported]
              .sort((a, b) => b.reportedAt.localeCompare(a.reportedAt))
              .map((o) => (
                <div key={o.id} className="zc-line plain">
                  <b className="zc-clip">
                    {o.title}{' '}
                    <small className="zc-clip">
                      {[o.number ?? t('noNumber'), o.customer.name, f.when(o.reportedAt)].join(' · ')}
                    </small>
                  </b>
                  <StateTag kind="order" state={o.state as 'new'} quiet />
                </div>
              ))}
          </section>
        )}
      </div>
    </>
  )
}
