import { useCallback } from 'react'
import { gradeWords } from './grade.words'
import { formatDistance } from './i18n/format'
import { useLanguage } from './i18n/language'
import { fill } from './i18n/words'
import type { Meaning } from './StateTag'

export type Grade = 'A' | 'B' | 'C' | 'D'
export const GRADE_MEANING: Record<Grade, Meaning> = { A: 'green', B: 'teal', C: 'amber', D: 'red' }

type Said = { code: string; params?: Record<string, unknown> }

/** The reasons of a grade in words, in the language of the person: distances as people say them, signs and codes by name. */
export function useReasons(): (checkIn: { reasons: readonly Said[] }) => string[] {
  const language = useLanguage()
  return useCallback(
    ({ reasons }) => {
      const all = gradeWords[language] as Record<string, string>
      const zh = language === 'zh-CN'
      return reasons.map(({ code, params = {} }) => {
        const words: Record<string, string | number> = { ...(params as Record<string, string | number>) }
        if (typeof params.distanceM === 'number') words.distance = formatDistance(params.distanceM, { language })
        if (typeof params.signs === 'string')
          words.signs = params.signs
            .split(' ')
            .map((sign) => all[`sign.${sign}`] ?? sign)
            .join(zh ? '、' : ', ')
        if (code.startsWith('code_')) words.code = all[`code.${params.kind}`] ?? (all['code.customer'] as string)
        const said = fill(all[code] ?? (all.other as string), words, language)
        return code.startsWith('place_') && typeof params.accuracyM === 'number'
          ? `${said}${zh ? '，' : ', '}${fill(all.accuracy as string, { accuracyM: params.accuracyM }, language)}`
          : said
      })
    },
    [language],
  )
}
