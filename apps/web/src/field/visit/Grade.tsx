import { CircleAlert, CircleCheck, CircleHelp, TriangleAlert } from 'lucide-react'
import { formatDistance } from '../../common/i18n/format'
import { joinClauses } from '../../common/i18n/join'
import { useLanguage } from '../../common/i18n/language'
import { fill, useWords } from '../../common/i18n/words'
import { type Meaning, Tag } from '../../common/StateTag'
import type { VisitFull } from '../../offline/visits'
import { words } from './grade.words'

export type CheckIn = VisitFull['checkIns'][number]
type Grade = NonNullable<CheckIn['grade']>
export const GRADE_MEANING: Record<Grade, Meaning> = { A: 'green', B: 'teal', C: 'amber', D: 'red' }
const ICON = { A: CircleCheck, B: CircleCheck, C: CircleAlert, D: TriangleAlert }

/** The reasons of a grade in words, the accuracy beside the distance where both are known. */
export function useReasons(checkIn: Pick<CheckIn, 'reasons'>): string[] {
  const language = useLanguage()
  const all = words[language] as Record<string, string>
  return checkIn.reasons.map(({ code, params }) => {
    const distance = typeof params?.distanceM === 'number' ? formatDistance(params.distanceM, { language }) : ''
    const said = fill(all[code] ?? (all.other as string), { ...(params as Record<string, string>), distance }, language)
    return code.startsWith('place_') && typeof params?.accuracyM === 'number'
      ? `${said}${language === 'zh-CN' ? '，' : ', '}${fill(all.accuracy as string, { accuracyM: params.accuracyM }, language)}`
      : said
  })
}

export function GradeTag({ grade }: { grade: CheckIn['grade'] }) {
  const t = useWords(words)
  if (!grade)
    return (
      <Tag meaning="grey" icon={CircleHelp}>
        {t('ungraded')}
      </Tag>
    )
  return <Tag meaning={GRADE_MEANING[grade]} icon={ICON[grade]}>{`${grade} ${t(grade)}`}</Tag>
}

export function GradeLine({ checkIn }: { checkIn: CheckIn }) {
  const reasons = useReasons(checkIn)
  return (
    <div className="zc-grade">
      <GradeTag grade={checkIn.grade} />
      <span>{joinClauses(reasons)}</span>
    </div>
  )
}
