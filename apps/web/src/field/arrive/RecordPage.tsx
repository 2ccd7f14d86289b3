import { Eye, MapPinCheck, Smartphone } from 'lucide-react'
import { useState } from 'react'
import { call, type Reply } from '../../common/api/call'
import { asApiError } from '../../common/api/problem'
import { useCall } from '../../common/api/query'
import { useReasons } from '../../common/grade'
import { useFormat } from '../../common/i18n/format'
import { joinSentences } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { deviceId } from '../../offline'
import { Link } from '../router'
import { FieldBar } from '../shell/Shell'
import { GradeTag } from '../visit/Grade'
import './arrive.css'
import '../visit/visit.css'
import { words } from './record.words'

type Page = Reply<'GET /api/field/record'>
type Row = Page['rows'][number]

/** Everything recorded about my arrivals, who looked at it, and what I can do about it. */
export default function RecordPage() {
  const t = useWords(words)
  const record = useCall('GET /api/field/record', { query: { limit: 20 } }, { watch: ['visit'] })
  const [older, setOlder] = useState<Row[]>([])
  const [next, setNext] = useState<string | null>()
  const [busy, setBusy] = useState(false)
  if (!record.data)
    return (
      <>
        <FieldBar title={t('title')} back="/m/me" />
        {record.error ? (
          <ErrorState error={record.error} onRetry={() => void record.refetch()} />
        ) : (
          <Loading shape="cards" lines={4} />
        )}
      </>
    )
  const { rows, devices, nonces, views, track } = record.data
  const after = next === undefined ? record.data.next : next
  const more = async () => {
    setBusy(true)
    try {
      const page = await call('GET /api/field/record', { query: { limit: 20, after: after ?? undefined } })
      setOlder([...older, ...page.rows])
      setNext(page.next)
    } catch (error) {
      toast(asApiError(error).title)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <FieldBar title={t('title')} back="/m/me" />
      <p className="zc-note px-4">{t('lead')}</p>
      {rows.length === 0 ? (
        <Empty icon={MapPinCheck} title={t('none')}>
          {t('none.text')}
        </Empty>
      ) : (
        <section className="zc-card zc-record">
          {[...rows, ...older].map((r) => (
            <Arrival key={r.id} row={r} />
          ))}
          {after && (
            <button type="button" className="zc-btn" disabled={busy} onClick={() => void more()}>
              {t('more')}
            </button>
          )}
        </section>
      )}
      <Views views={views} />
      <Devices devices={devices} nonces={nonces} />
      <Track track={track} onChange={() => void record.refetch()} />
      <section className="zc-card">
        <h2 className="text-zc-s text-text-2 font-medium">{t('erase')}</h2>
        <p className="zc-note">{t('erase.text')}</p>
      </section>
    </>
  )
}

function Arrival({ row: r }: { row: Row }) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(r.site?.zone ?? me.zone)
  const reasons = useReasons()(r)
  const place = r.site?.name ?? r.customer
  const facts = [
    r.fix
      ? r.distanceM === null
        ? place
        : t('at', { place, distance: f.distance(r.distanceM) })
      : r.distanceM === null
        ? t('noFix')
        : t('fix.erased'),
    r.fix?.accuracyM !== undefined && t('accuracy', { accuracy: Math.round(r.fix.accuracyM) }),
    r.device && t('device', { name: r.device.label ?? r.device.id.slice(-6) }),
    r.proof &&
      t(
        r.proof.signature === 'valid'
          ? 'proof.good'
          : r.proof.signature === 'invalid' || r.proof.signature === 'missing'
            ? 'proof.bad'
            : 'proof.none',
      ),
    r.proof && t(r.proof.nonce === 'fresh' ? 'nonce.fresh' : r.proof.nonce === 'missing' ? 'nonce.none' : 'nonce.bad'),
    r.photos > 0 && t('photos', { n: r.photos }),
  ].filter(Boolean)
  return (
    <article>
      <header>
        <GradeTag grade={r.grade} />
        {r.drawn && <Tag meaning="grey">{t('drawn')}</Tag>}
        <time dateTime={r.at}>{f.when(r.at)}</time>
      </header>
      <b className="zc-clip">{r.customer}</b>
      <ul className="zc-lines">
        {reasons.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p className="zc-note">{facts.join(' · ')}</p>
      {r.appeal?.reason && <p className="zc-note">{t('appealed', { reason: r.appeal.reason })}</p>}
      {r.review ? (
        <p className="zc-note">
          {r.review.reason
            ? t('reviewed', { by: r.review.by, grade: r.grade ?? '', reason: r.review.reason })
            : t('reviewed.plain', { by: r.review.by, grade: r.grade ?? '' })}
        </p>
      ) : (
        r.appeal && <p className="zc-note">{t('appealed.waiting')}</p>
      )}
      <Link className="zc-btn quiet" to={`/m/visits/${r.visitId}`}>
        {t(r.can.appeal ? 'appeal' : 'visit')}
      </Link>
    </article>
  )
}

function Views({ views }: { views: Page['views'] }) {
  const t = useWords(words)
  const f = useFormat(useMe().zone)
  return (
    <section className="zc-card zc-record">
      <h2 className="text-zc-s text-text-2 font-medium">{t('views')}</h2>
      {views.length === 0 && <p className="zc-note">{t('views.none')}</p>}
      {views.map((v) => (
        <div key={`${v.at}${v.visitId}${v.what}`} className="line">
          <Eye className="zc-icon" size={18} aria-hidden />
          <div>
            {t('view.line', { by: v.by, what: t(`what.${v.what as 'position'}`) })}
            <small className="zc-note">
              {f.when(v.at)} · {v.orderNumber ?? ''} {v.title}
            </small>
          </div>
        </div>
      ))}
    </section>
  )
}

function Devices({ devices, nonces }: Pick<Page, 'devices' | 'nonces'>) {
  const t = useWords(words)
  const f = useFormat(useMe().zone)
  const mine = deviceId()
  return (
    <section className="zc-card zc-record">
      <h2 className="text-zc-s text-text-2 font-medium">{t('devices')}</h2>
      {devices.length === 0 && <p className="zc-note">{t('devices.none')}</p>}
      {devices.map((d) => (
        <div key={d.id} className="line">
          <Smartphone className="zc-icon" size={18} aria-hidden />
          <div>
            {d.label ?? d.id.slice(-8)} {d.id === mine && <Tag meaning="teal">{t('devices.this')}</Tag>}
            <small className="zc-note">
              {t(d.keyed ? 'devices.keyed' : 'devices.unkeyed')} · {t('devices.seen', { when: f.when(d.lastSeenAt) })}
            </small>
          </div>
        </div>
      ))}
      <p className="zc-note">{t('nonces', nonces)}</p>
      <p className="zc-note">{t('devices.lead')}</p>
    </section>
  )
}

function Track({ track, onChange }: { track: Page['track']; onChange: () => void }) {
  const t = useWords(words)
  const f = useFormat(useMe().zone)
  const [busy, setBusy] = useState(false)
  const consent = async (given: boolean) => {
    setBusy(true)
    try {
      await call('POST /api/field/track-consent', { body: { given } })
      if (!given) toast(t('track.withdrawn'))
      onChange()
    } catch (error) {
      const e = asApiError(error)
      toast(joinSentences([e.title, e.action]))
    } finally {
      setBusy(false)
    }
  }
  return (
    <section className="zc-card zc-record">
      <h2 className="text-zc-s text-text-2 font-medium">{t('track')}</h2>
      <p className="zc-note">{track.on ? t('track.lead', { days: track.keepDays }) : t('track.off')}</p>
      {track.consentedAt && (
        <p className="zc-note">{t('track.since', { when: f.when(track.consentedAt), n: track.points })}</p>
      )}
      {track.consentedAt ? (
        <button type="button" className="zc-btn" disabled={busy} onClick={() => void consent(false)}>
          {t('track.withdraw')}
        </button>
      ) : (
        track.on && (
          <button type="button" className="zc-btn" disabled={busy} onClick={() => void consent(true)}>
            {t('track.agree')}
          </button>
        )
      )}
    </section>
  )
}
