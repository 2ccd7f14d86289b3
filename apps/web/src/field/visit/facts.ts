import type { useFormat } from '../../common/i18n/format'
import { joinList } from '../../common/i18n/join'
import type { Language } from '../../common/i18n/language'
import { type Field, factAt, type Values } from './fill'

export const wordOf = (w: { zh: string; en: string }, language: Language) => (language === 'zh-CN' ? w.zh : w.en)

/** A fact of the visit as text; null while it is not known yet. */
export function showFact(facts: Values, field: Field, f: ReturnType<typeof useFormat>): string | null {
  const value = field.source ? factAt(facts, field.source) : undefined
  if (value === undefined || value === null || value === '') return null
  if (field.format === 'instant') return f.when(String(value))
  if (field.format === 'duration') return f.duration(Number(value))
  if (field.format === 'people' && Array.isArray(value))
    return joinList(value.map((p) => (p as { name?: string }).name ?? '')) || null
  return String(value)
}
