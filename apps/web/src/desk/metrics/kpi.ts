import { useMemo } from 'react'
import { clockWords, exclusionWords, kpiWords } from '#contracts/words/metrics'
import type { Reply } from '../../common/api/call'
import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { words } from './words'

export type Definitions = Reply<'GET /api/metrics/definitions'>
export type Definition = Definitions['definitions'][number]
export type Code = Definition['code']
export type Value = Reply<'GET /api/metrics/table'>['rows'][number]['kpis'][number]
export type Subject = { subject: 'company' | 'team' | 'person'; id?: string }

/** Names, formulas, values and reasons of KPIs in the reader's language. */
export function useKpiWords() {
  const t = useWords(words)
  const f = useFormat()
  const zh = useLanguage() === 'zh-CN'
  return useMemo(() => {
    const word = (w: { zh: string; en: string } | undefined, code: string) => (w ? (zh ? w.zh : w.en) : code)
    const format = (unit: Definition['unit'], value: number): string =>
      unit === 'share'
        ? f.percent(value)
        : unit === 'minutes'
          ? f.duration(value)
          : t('score', { n: f.number(value, 1) })
    return {
      name: (code: Code) => word(kpiWords[code].name, code),
      formula: (code: Code) => word(kpiWords[code].formula, code),
      why: (reason: string) => word(exclusionWords[reason], reason),
      clock: (clock: string) => word(clockWords[clock], clock),
      format,
    }
  }, [t, f, zh])
}
