import type { useFormat } from '../../common/i18n/format'
import type { Language } from '../../common/i18n/language'
import { type Document, type Field, factAt, type Values } from './fill'

export const wordOf = (w: { zh: string; en: string }, language: Language) => (language === 'zh-CN' ? w.zh : w.en)

/** One field's content as text for reading; null when there is none. Photos and tables are counted, not listed. */
export function showValue(
  doc: Pick<Document, 'facts'>,
  field: Field,
  values: Values,
  c: { f: ReturnType<typeof useFormat>; language: Language; yes: string },
): string | null {
  const value = field.type === 'fact' ? (field.source ? factAt(doc.facts, field.source) : undefined) : values[field.key]
  if (value === undefined || value === null || value === '') return null
  if (field.type === 'fact') {
    if (field.format === 'instant') return c.f.when(String(value))
    if (field.format === 'duration') return c.f.duration(Number(value))
    if (field.format === 'people' && Array.isArray(value))
      return value.map((p) => (p as { name?: string }).name ?? '').join('、') || null
    return String(value)
  }
  if (field.type === 'check') return value === true ? c.yes : null
  if (field.type === 'choice') {
    const option = field.options?.find((o) => o.value === value)
    return option ? wordOf(option.label, c.language) : String(value)
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return null
    if (field.type === 'table')
      return value
        .map((row) =>
          (field.columns ?? [])
            .map((col) => (row as Values)[col.key])
            .filter(Boolean)
            .join(' · '),
        )
        .join('\n')
    return String(value.length)
  }
  return field.unit ? `${value} ${field.unit}` : String(value)
}
