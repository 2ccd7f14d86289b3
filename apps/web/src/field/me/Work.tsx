import { useCall } from '../../common/api/query'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import { clockSkewMs, deviceId } from '../../offline'
import '../visit/visit.css'
import { words } from './words'

function Bar({ label, used, all, percent }: { label: string; used: number; all: number; percent: number }) {
  const t = useWords(words)
  const f = useFormat()
  return (
    <div className="grid gap-1">
      <div className="text-zc-s flex justify-between">
        <span>{label}</span>
        <b>{percent} %</b>
      </div>
      <progress
        className="zc-load"
        max={100}
        value={Math.min(100, percent)}
        aria-label={label}
        data-over={percent > 100 || undefined}
      />
      <small className="zc-note">{t('of', { used: f.duration(used), all: f.duration(all) })}</small>
    </div>
  )
}

/** What the company knows of my work: load, skills, certificates. */
export function Work({ engineerId }: { engineerId: string }) {
  const t = useWords(words)
  const f = useFormat()
  const mine = useCall(
    'GET /api/engineers/:id',
    { params: { id: engineerId } },
    { watch: [{ aggregate: 'engineer', id: engineerId }] },
  )
  if (mine.isError && !mine.data) return <ErrorState error={mine.error} onRetry={() => void mine.refetch()} />
  if (!mine.data) return <Loading shape="cards" lines={2} />
  const { load, skills, certificates } = mine.data
  return (
    <>
      <section className="zc-card grid grid-cols-1 gap-3">
        <h2 className="text-zc-s text-text-2 font-medium">{t('load')}</h2>
        {load.todayPercent === null && load.weekPercent === null && <p className="zc-note">{t('noShift')}</p>}
        {load.todayPercent !== null && (
          <Bar label={t('today')} used={load.todayMin} all={load.todayCapacityMin} percent={load.todayPercent} />
        )}
        {load.weekPercent !== null && (
          <Bar label={t('week')} used={load.weekMin} all={load.weekCapacityMin} percent={load.weekPercent} />
        )}
      </section>
      <section className="zc-card grid grid-cols-1 gap-2">
        <h2 className="text-zc-s text-text-2 font-medium">{t('skills')}</h2>
        {skills.length ? (
          <div className="zc-tags">
            {skills.map((s) => (
              <Tag key={s.code} meaning="grey">{`${s.name} ${t('level', { level: s.level })}`}</Tag>
            ))}
          </div>
        ) : (
          <p className="zc-note">{t('skills.none')}</p>
        )}
        <h2 className="text-zc-s text-text-2 mt-2 font-medium">{t('certificates')}</h2>
        {certificates.length ? (
          certificates.map((c) => (
            <div key={c.id} className="flex items-center justify-between gap-3">
              <span className="zc-clip">{c.name}</span>
              {c.expiresOn === null ? (
                <small className="zc-note">{t('forever')}</small>
              ) : c.expired ? (
                <Tag meaning="red">{t('expired', { date: f.localSpan(c.expiresOn, c.expiresOn) })}</Tag>
              ) : (
                <small className="zc-note whitespace-nowrap">
                  {t('until', { date: f.localSpan(c.expiresOn, c.expiresOn) })}
                </small>
              )}
            </div>
          ))
        ) : (
          <p className="zc-note">{t('certificates.none')}</p>
        )}
      </section>
    </>
  )
}

/** What this is, and what the help desk asks for. */
export function About() {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat()
  const skewMin = clockSkewMs() / 60_000
  return (
    <details className="zc-card zc-details mt-4">
      <summary>{t('about')}</summary>
      <dl className="zc-facts">
        <div>
          <dt>{t('company')}</dt>
          <dd>{me.companyName}</dd>
        </div>
        <div>
          <dt>{t('device')}</dt>
          <dd>{deviceId().slice(-8)}</dd>
        </div>
        <div>
          <dt>{t('clock')}</dt>
          <dd>{Math.abs(skewMin) < 1 ? t('clock.good') : t('clock.off', { minutes: f.duration(skewMin) })}</dd>
        </div>
      </dl>
      <p className="zc-note">
        {t('product')} · {t('open')}
      </p>
    </details>
  )
}
