import { CircleAlert, CircleCheck, CircleHelp, TriangleAlert } from 'lucide-react'
import { GRADE_MEANING, useReasons } from '../../common/grade'
import { gradeWords } from '../../common/grade.words'
import { joinClauses } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { Tag } from '../../common/StateTag'
import type { VisitFull } from '../../offline/visits'

type CheckIn = VisitFull['checkIns'][number]
const ICON = { A: CircleCheck, B: CircleCheck, C: CircleAlert, D: TriangleAlert }

export function GradeTag({ grade }: { grade: CheckIn['grade'] }) {
  const t = useWords(gradeWords)
  if (!grade)
    return (
      <Tag meaning="grey" icon={CircleHelp}>
        {t('ungraded')}
      </Tag>
    )
  return <Tag meaning={GRADE_MEANING[grade]} icon={ICON[grade]}>{`${grade} ${t(grade)}`}</Tag>
}

export function GradeLine({ checkIn }: { checkIn: CheckIn }) {
  const reasons = useReasons()(checkIn)
  return (
    <div className="zc-grade">
      <GradeTag grade={checkIn.grade} />
      <span>{joinClauses(reasons)}</span>
    </div>
  )
}
