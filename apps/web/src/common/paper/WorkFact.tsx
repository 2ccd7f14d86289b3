import { CircleCheck, CircleMinus, CircleX } from 'lucide-react'
import type { z } from 'zod'
import type { WorkFacts } from '#contracts/documents.schema'
import { useLanguage } from '../i18n/language'
import { useWords } from '../i18n/words'
import './work.css'
import { words } from './work.words'

type Facts = z.output<typeof WorkFacts>
type CheckRow = Facts['checks'][number]['rows'][number]

const formats = ['checks', 'parts', 'serials', 'notes']
/** Whether a field shows what was recorded on site, as a table of its own. */
export const isWork = (format: string | undefined): boolean => format !== undefined && formats.includes(format)

const icons = { pass: CircleCheck, fail: CircleX, na: CircleMinus }

/** What was recorded on site, as a document shows it: read, never typed. Nothing recorded shows nothing. */
export function WorkFact({
  format,
  value,
  photoUrl,
}: {
  format: string | undefined
  value: unknown
  photoUrl?: (id: string) => string
}) {
  const t = useWords(words)
  const zh = useLanguage() === 'zh-CN'
  const word = (w: { zh: string; en: string }) => (zh ? w.zh : w.en || w.zh)
  if (!Array.isArray(value) || value.length === 0) return null
  const said = (r: CheckRow) => {
    if (r.kind === 'passFail' && r.verdict in icons) return t(r.verdict as 'pass')
    if (r.value === null) return t('none')
    if (r.kind === 'photo') return t('photos', { n: Number(r.value) })
    return typeof r.value === 'string' ? r.value : word(r.value)
  }
  if (format === 'checks')
    return (value as Facts['checks']).map((list, i) => (
      <div key={i} className="zc-work">
        <h3>{word(list.title)}</h3>
        <p className="sum">
          {t('sum', { n: list.answered })}
          {list.failed > 0 ? <b> {t('failed', { n: list.failed })}</b> : ` ${t('allPassed')}`}
        </p>
        <ul>
          {list.rows.map((r, n) => {
            const Icon = r.verdict in icons ? icons[r.verdict as 'pass'] : null
            return (
              <li key={n} data-verdict={r.verdict}>
                <span className="what">{word(r.label)}</span>
                <span className="said">
                  {Icon && <Icon className="zc-icon" size={16} aria-hidden />}
                  {said(r)}
                  {r.kind !== 'passFail' && r.verdict === 'fail' && <em> {t('fail')}</em>}
                  {r.limits && <small> {t('limits', { limits: r.limits })}</small>}
                </span>
                {r.note && <span className="note">{r.note}</span>}
                {photoUrl && r.photos.length > 0 && (
                  <span className="shots">
                    {r.photos.map((id, at) => (
                      <a key={id} href={photoUrl(id)} target="_blank" rel="noreferrer">
                        <img src={photoUrl(id)} alt={t('photo', { item: word(r.label), n: at + 1 })} loading="lazy" />
                      </a>
                    ))}
                  </span>
                )}
              </li>
            )
          })}
        </ul>
      </div>
    ))
  const rows: { key: string; what: string; said: string }[] =
    format === 'parts'
      ? (value as Facts['parts']).map((p, i) => ({
          key: String(i),
          what: [p.name, p.number].filter(Boolean).join(' · '),
          said: [
            `${p.qty} ${p.unit}`,
            p.serialIn && t('serialIn', { serial: p.serialIn }),
            p.serialOut && t('serialOut', { serial: p.serialOut }),
            p.returned && t('returned'),
          ]
            .filter(Boolean)
            .join(' · '),
        }))
      : format === 'serials'
        ? (value as Facts['serials']).map((s, i) => ({
            key: String(i),
            what: s.serial,
            said: [s.name, s.model].filter(Boolean).join(' · '),
          }))
        : (value as Facts['notes']).map((n, i) => ({ key: String(i), what: n.text, said: '' }))
  return (
    <ul className="zc-work rows">
      {rows.map((r) => (
        <li key={r.key}>
          <span className="what">{r.what}</span>
          {r.said && <span className="said">{r.said}</span>}
        </li>
      ))}
    </ul>
  )
}
