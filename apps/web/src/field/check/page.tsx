import { CircleCheck, CircleHelp, CircleSlash, RefreshCw, TriangleAlert } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { formatBytes, useFormat } from '../../common/i18n/format'
import { type T, useWords } from '../../common/i18n/words'
import { Tag } from '../../common/StateTag'
import { Loading } from '../../common/states'
import { type Im, placeOf } from '../../offline/limits'
import { ActionBar, FieldBar } from '../shell/Shell'
import '../visit/visit.css'
import { findings, tryLocation, tryMedia } from './findings'
import { type Findings, type Item, judge, type Maker, makerOf, type Verdict } from './judge'
import { LimitsHere } from './Limits'
import { words } from './words'

const MAKERS: Maker[] = ['huawei', 'xiaomi', 'oppo', 'vivo', 'iphone', 'other']
const LOOK: Record<Verdict, { icon: typeof CircleCheck; meaning: 'green' | 'amber' | 'grey' }> = {
  good: { icon: CircleCheck, meaning: 'green' },
  bad: { icon: TriangleAlert, meaning: 'amber' },
  none: { icon: CircleSlash, meaning: 'grey' },
  untested: { icon: CircleHelp, meaning: 'grey' },
}
type Loose = (key: string, params?: Record<string, string | number>) => string

function useSay(f: Findings | undefined): (item: Item) => string {
  const t = useWords(words) as T<(typeof words)['zh-CN']> as unknown as Loose
  const n = useFormat()
  return ({ why }) => {
    const fix = f?.location.fix
    const free = f?.storage.freeBytes
    return t(why, {
      m: fix && fix !== 'failed' ? fix.accuracyM : 0,
      free: free === null || free === undefined ? '' : t('storage.free', { size: formatBytes(free) }),
      time: n.duration(Math.abs(f?.skewMs ?? 0) / 60_000),
      ms: f?.roundTripMs ?? 0,
      percent: n.percent(f?.battery?.level ?? 0),
    })
  }
}

const imKey = (im: Im) => (im === 'wechat' || im === 'dingtalk' || im === 'feishu' || im === 'wecom' ? im : 'other')

/** What works on this phone and how to mend what does not, in the steps of its maker. */
export default function CheckPage() {
  const t = useWords(words)
  const { im } = placeOf({
    userAgent: navigator.userAgent,
    touchPoints: navigator.maxTouchPoints,
    standalone: false,
  })
  const [maker, setMaker] = useState<Maker>(() => makerOf(navigator.userAgent))
  const [found, setFound] = useState<Findings>()
  const [busy, setBusy] = useState<string | null>('all')
  const say = useSay(found)
  const check = useCallback(async () => {
    setBusy('all')
    const next = await findings(im !== null)
    // A permission that is there already costs no question: the fix is tried at once.
    if (next.location.able && next.location.permission === 'granted') next.location.fix = await tryLocation()
    setFound(next)
    setBusy(null)
  }, [im])
  useEffect(() => {
    void check()
  }, [check])
  const change = (c: Partial<Findings>) => setFound((f) => f && { ...f, ...c })
  const test = async (item: Item) => {
    if (!found) return
    setBusy(item.check)
    if (item.check === 'location') change({ location: { ...found.location, fix: await tryLocation() } })
    if (item.check === 'camera' || item.check === 'microphone')
      change({ [item.check]: { ...found[item.check], permission: await tryMedia(item.check) } })
    if (item.check === 'storage') {
      const persisted = (await navigator.storage?.persist?.().catch(() => false)) ?? false
      change({ storage: { ...found.storage, persisted } })
    }
    setBusy(null)
  }
  const items = found ? judge(found) : []
  const wrong = items.filter((i) => i.verdict === 'bad').length
  return (
    <>
      <FieldBar title={t('title')} back="/m/me" />
      <div className="zc-visit">
        <p className="zc-note">{t('lead')}</p>
        {!found && <Loading shape="cards" lines={4} />}
        {found && (
          <p role="status">
            <Tag meaning={wrong ? 'amber' : 'green'}>{wrong ? t('summary', { n: wrong }) : t('summary.good')}</Tag>
          </p>
        )}
        {items.map((item) => {
          const { icon: Icon, meaning } = LOOK[item.verdict]
          const name = t(`check.${item.check}`)
          const tries =
            (['location', 'camera', 'microphone'].includes(item.check) && item.verdict !== 'none') ||
            (item.check === 'storage' && item.why === 'storage.unkept' && 'persist' in (navigator.storage ?? {}))
          const mends = item.verdict !== 'good' && item.mend
          return (
            <section key={item.check} className="zc-part" aria-label={name}>
              <header>
                <h2>{name}</h2>
                <Tag meaning={meaning} icon={Icon}>
                  {t(item.verdict)}
                </Tag>
              </header>
              <p className="zc-text">{say(item)}</p>
              {tries && item.verdict !== 'good' && (
                <button type="button" className="zc-btn" disabled={busy !== null} onClick={() => void test(item)}>
                  {busy === item.check ? t('running') : t(item.check === 'storage' ? 'storage.keep' : 'test')}
                </button>
              )}
              {mends && (
                <details className="zc-details">
                  <summary>{t('mend')}</summary>
                  <p className="zc-note">
                    {found?.im && item.mend === 'storage' ? t(`im.${imKey(im)}`) : t(`${maker}.${item.mend as 'push'}`)}
                  </p>
                </details>
              )}
            </section>
          )
        })}
        {found && <LimitsHere />}
        {found && (
          <label className="zc-field-row">
            <span>{t('maker.choose')}</span>
            <select className="zc-input" value={maker} onChange={(e) => setMaker(e.target.value as Maker)}>
              {MAKERS.map((m) => (
                <option key={m} value={m}>
                  {t(`maker.${m}`)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <ActionBar>
        <button type="button" className="zc-btn primary big" disabled={busy !== null} onClick={() => void check()}>
          <RefreshCw className="zc-icon" size={20} aria-hidden /> {busy === 'all' ? t('running') : t('again')}
        </button>
      </ActionBar>
    </>
  )
}
