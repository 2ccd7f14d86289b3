import { Star } from 'lucide-react'
import { useFormat } from '../../common/i18n/format'
import { defineWords, useWords } from '../../common/i18n/words'
import { Tag } from '../../common/StateTag'

export const scoreWords = defineWords({
  'zh-CN': { score: '{n} 分' },
  'en-US': { score: { one: '{n} point', other: '{n} points' } },
})

/** A score of 0–100: 好评 from 80 on, a follow-up below 70 (the company may set it otherwise; the case itself says so). */
export function ScoreTag({ score }: { score: number }) {
  const t = useWords(scoreWords)
  const f = useFormat()
  return (
    <Tag meaning={score >= 80 ? 'green' : score >= 70 ? 'amber' : 'red'} icon={Star}>
      {t('score', { n: f.number(score, 1) })}
    </Tag>
  )
}
