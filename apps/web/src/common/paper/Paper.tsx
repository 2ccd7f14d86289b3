import type { Reply } from '../api/call'
import { useFormat } from '../i18n/format'
import { useLanguage } from '../i18n/language'
import { useWords } from '../i18n/words'
import './paper.css'
import { isWork, WorkFact } from './WorkFact'
import { words } from './words'

export type PaperDocument = Pick<
  Reply<'GET /api/documents/:id'>,
  'template' | 'values' | 'facts' | 'title' | 'hash' | 'signature'
>
type Field = PaperDocument['template']['body']['sections'][number]['fields'][number]

const factAt = (facts: Record<string, unknown>, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (at, key) => (at && typeof at === 'object' ? (at as Record<string, unknown>)[key] : undefined),
      facts,
    )

const blank = (facts: Record<string, unknown>, field: Field) => {
  const value = factAt(facts, field.source ?? '')
  return !Array.isArray(value) || value.length === 0
}

/** What was recorded on site has its place only where something was. */
export const emptyWork = (section: { fields: Field[] }, facts: Record<string, unknown>) =>
  section.fields.every((field) => isWork(field.format) && blank(facts, field))

/**
 * A delivery document as a page to read: facts and values in the template's order, photos, clause, signature.
 * `photoUrl` says where a photo's picture is for this reader; `signatureUrl` where the drawn name is.
 */
export function Paper({
  document: d,
  zone,
  photoUrl,
  signatureUrl,
}: {
  document: PaperDocument
  zone: string
  photoUrl: (id: string) => string
  signatureUrl?: string
}) {
  const t = useWords(words)
  const zh = useLanguage() === 'zh-CN'
  const f = useFormat(zone)
  const word = (w: { zh: string; en: string }) => (zh ? w.zh : w.en)
  const text = (field: Field): string | null => {
    const value = field.source ? factAt(d.facts, field.source) : d.values[field.key]
    if (field.type === 'check') return value === true ? t('yes') : t('no')
    if (value === undefined || value === null || value === '') return null
    if (field.format === 'instant') return f.when(value as string)
    if (field.format === 'people') return (value as { name: string }[]).map((p) => p.name).join(zh ? '、' : ', ')
    if (field.type === 'choice') {
      const option = field.options?.find((o) => o.value === value)
      return option ? word(option.label) : null
    }
    return field.unit ? `${value} ${field.unit}` : String(value)
  }
  const photos = (d.facts.photos as { id: string }[] | undefined) ?? []
  return (
    <article className="zc-paper">
      <h1>{word(d.title)}</h1>
      {d.template.body.sections
        .filter((x) => !emptyWork(x, d.facts))
        .map((section) => (
          <section key={section.key}>
            <h2>{word(section.title)}</h2>
            <dl>
              {section.fields
                .filter((field) => field.type !== 'table' && field.type !== 'photos' && !isWork(field.format))
                .map((field) => {
                  const value = text(field)
                  return (
                    <div key={field.key} data-long={field.type === 'longtext' || undefined}>
                      <dt>{word(field.label)}</dt>
                      <dd data-empty={value === null || undefined}>{value ?? t('empty')}</dd>
                    </div>
                  )
                })}
            </dl>
            {section.fields
              .filter((field) => isWork(field.format) && !blank(d.facts, field))
              .map((field) => (
                <div key={field.key}>
                  {field.format !== 'checks' && <h3>{word(field.label)}</h3>}
                  <WorkFact format={field.format} value={factAt(d.facts, field.source ?? '')} photoUrl={photoUrl} />
                </div>
              ))}
            {section.fields
              .filter((field) => field.type === 'table')
              .map((field) => {
                const rows = (d.values[field.key] as Record<string, string>[] | undefined) ?? []
                return (
                  <div key={field.key} className="rows">
                    <h3>{word(field.label)}</h3>
                    {rows.length === 0 && <p className="none">{t('empty')}</p>}
                    {rows.map((row, i) => (
                      <dl key={i}>
                        {field.columns?.map((c) => (
                          <div key={c.key}>
                            <dt>{word(c.label)}</dt>
                            <dd data-empty={!row[c.key] || undefined}>{row[c.key] || t('empty')}</dd>
                          </div>
                        ))}
                      </dl>
                    ))}
                  </div>
                )
              })}
            {section.fields
              .filter((field) => field.type === 'photos')
              .map((field) => {
                const chosen = d.values[field.key] as string[] | undefined
                const shown = photos.filter((p) => !chosen || chosen.length === 0 || chosen.includes(p.id))
                return shown.length === 0 ? null : (
                  <div key={field.key} className="photos">
                    {shown.map((p, i) => (
                      <a key={p.id} href={photoUrl(p.id)} target="_blank" rel="noreferrer">
                        <img src={photoUrl(p.id)} alt={t('photo', { n: i + 1 })} loading="lazy" />
                      </a>
                    ))}
                  </div>
                )
              })}
          </section>
        ))}
      <p className="clause">{word(d.template.body.clause)}</p>
      {d.signature && (
        <footer>
          {signatureUrl && <img src={signatureUrl} alt={t('signedBy', { name: d.signature.signerName })} />}
          <b>
            {t('signedBy', { name: d.signature.signerName })}
            {d.signature.signerTitle && <span> · {d.signature.signerTitle}</span>}
          </b>
          <span>{t('signedAt', { at: f.when(d.signature.at) })}</span>
          <code title={d.signature.documentHash}>
            {t('fingerprint')} {d.signature.documentHash.slice(0, 16)}
          </code>
        </footer>
      )}
    </article>
  )
}
