import { Phone } from 'lucide-react'
import { useCall } from '../../common/api/query'
import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { orderWords } from '../../common/order.words'
import { StateTag, Tag } from '../../common/StateTag'
import { useStatus } from '../../offline'
import type { VisitFull } from '../../offline/visits'
import { words as visitWords } from '../visit/words'
import './requests.css'
import { words } from './words'

const MOMENTS = ['departed', 'arrived', 'started', 'finished'] as const

/** How far the others of the order are, live; to look at, never to touch. Without a network, what was last known. */
export default function CrewPart({ visit, zone }: { visit: VisitFull; zone: string }) {
  const t = useWords(words)
  const v = useWords(visitWords)
  const o = useWords(orderWords)
  const f = useFormat(zone)
  const language = useLanguage()
  const { contact } = useStatus()
  const crew = useCall(
    'GET /api/visits/:id/crew',
    { params: { id: visit.id } },
    { watch: ['visit', 'document', 'evidence'] },
  )
  const mates = crew.data?.mates
  return (
    <section className="zc-part">
      <header>
        <h2>{t(visit.role === 'member' ? 'crew.lead' : 'crew.mates')}</h2>
      </header>
      {!mates &&
        visit.crew.map((c) => (
          <div key={c.visitId} className="zc-line plain">
            <b className="zc-clip">
              {c.engineer?.name ?? '—'} <small>{o(`role.${c.role}`)}</small>
            </b>
            <StateTag kind="visit" state={c.state} quiet />
          </div>
        ))}
      {mates?.map((m) => {
        const name = m.engineer?.name ?? '—'
        const times = MOMENTS.flatMap((k) => {
          const at = m[`${k}At`]
          return at ? [t('crew.at', { what: t(`crew.${k}`), time: f.time(at) })] : []
        })
        return (
          <article key={m.visitId} className="zc-mate" aria-label={name}>
            <header>
              <b className="zc-clip">
                {name} <small className="zc-note">{o(`role.${m.role}`)}</small>
              </b>
              <StateTag kind="visit" state={m.state} quiet />
            </header>
            {times.length > 0 && <p className="zc-note">{times.join(' · ')}</p>}
            {m.remaining && <p className="zc-note">{v('result.remaining', { text: m.remaining })}</p>}
            {m.documents.map((d) => (
              <div key={d.id} className="zc-line plain">
                <span className="zc-clip">{language === 'zh-CN' ? d.title.zh : d.title.en}</span>
                {d.state === 'signed' || d.state === 'filed' ? (
                  <Tag meaning={d.state === 'signed' ? 'green' : 'teal'}>
                    {d.state === 'signed' ? t('crew.signed') : v('doc.filed')}
                  </Tag>
                ) : d.missing > 0 ? (
                  <Tag meaning="amber">{v('doc.missing', { n: d.missing })}</Tag>
                ) : (
                  <Tag meaning="blue">{v('doc.ready')}</Tag>
                )}
              </div>
            ))}
            {m.photos.some((p) => p.stored) && (
              <div className="zc-tiles">
                {m.photos
                  .filter((p) => p.stored)
                  .map((p) => (
                    <a
                      key={p.id}
                      className="zc-tile"
                      href={`/api/visits/${visit.id}/crew/photos/${p.id}`}
                      target="_blank"
                      rel="noreferrer"
                      aria-label={t('crew.photo', { name })}
                    >
                      <img src={`/api/visits/${visit.id}/crew/photos/${p.id}?size=thumb`} alt="" loading="lazy" />
                      <span className="at">{f.time(p.takenAt)}</span>
                    </a>
                  ))}
              </div>
            )}
            {m.phone && (
              <a className="zc-btn" href={`tel:${m.phone}`}>
                <Phone className="zc-icon" size={20} aria-hidden />
                <span className="zc-clip">{t('crew.call', { name })}</span>
              </a>
            )}
          </article>
        )
      })}
      {contact === false && <p className="zc-note">{t('crew.offline')}</p>}
      {visit.role === 'member' && mates?.some((m) => m.role === 'lead') && (
        <p className="zc-note">{t('crew.own', { name: mates.find((m) => m.role === 'lead')?.engineer?.name ?? '' })}</p>
      )}
    </section>
  )
}
