import { CircleHelp } from 'lucide-react'
import type { ReactNode } from 'react'
import { useFormat } from './i18n/format'
import { defineWords, useWords } from './i18n/words'
import './Kpi.css'
import { Popover } from './Popover'

export const kpiWords = defineWords({
  'zh-CN': {
    n: 'n = {n}',
    why: '{name}怎么算的',
    definition: '定义',
    excluded: '不计入',
    asOf: '截至 {when}',
    rows: '查看这 {n} 条',
    none: '这段时间没有可统计的数据',
    few: '样本不足 {n}，只作参考',
    better: '比上期好 {by}',
    worse: '比上期差 {by}',
    same: '与上期持平',
    provisional: '最近的数据还会变化',
  },
  'en-US': {
    n: 'n = {n}',
    why: 'How {name} is counted',
    definition: 'Definition',
    excluded: 'Not counted',
    asOf: 'As of {when}',
    rows: { one: 'See this row', other: 'See these {n} rows' },
    none: 'Nothing to count in this period',
    few: 'Fewer than {n}: an indication only',
    better: '{by} better than before',
    worse: '{by} worse than before',
    same: 'As before',
    provisional: 'The latest days can still change',
  },
})

export type Kpi = {
  name: string
  /** Formatted with its unit (94 %, 2 小时 15 分); null when there is nothing to count: never a zero. */
  value: string | null
  n: number
  /** The formula in words. */
  definition: string
  /** What was left out, with how many: [['客户原因挂起', 3]]. */
  exclusions?: [reason: string, n: number][]
  asOf: string
  /** Median, P90, interval: what stands beside the number. */
  beside?: string
  change?: { by: string; better: boolean | null }
  provisional?: boolean
}

/** A number with its reason one tap away: definition, n, exclusions, as-of, and the rows behind it. Under n = 10 it says so. */
export function KpiNumber({ kpi, drill, children }: { kpi: Kpi; drill?: ReactNode; children?: ReactNode }) {
  const t = useWords(kpiWords)
  const f = useFormat()
  return (
    <div className="zc-kpi">
      <div className="name">
        {kpi.name}
        <Popover
          trigger={<CircleHelp className="zc-icon" size={15} />}
          label={t('why', { name: kpi.name })}
          triggerClass="why"
        >
          <div className="reason">
            <b>{t('definition')}</b>
            <p>{kpi.definition}</p>
            {!!kpi.exclusions?.length && (
              <>
                <b>{t('excluded')}</b>
                <ul>
                  {kpi.exclusions.map(([reason, n]) => (
                    <li key={reason}>
                      {reason} <span>{n}</span>
                    </li>
                  ))}
                </ul>
              </>
            )}
            <small>{t('asOf', { when: f.when(kpi.asOf) })}</small>
          </div>
        </Popover>
      </div>
      <div className="value" data-none={kpi.value === null || undefined}>
        {kpi.value ?? '—'}
        {kpi.change && (
          <span
            className="change"
            data-meaning={kpi.change.better === null ? 'grey' : kpi.change.better ? 'green' : 'red'}
          >
            {kpi.change.better === null ? t('same') : t(kpi.change.better ? 'better' : 'worse', { by: kpi.change.by })}
          </span>
        )}
      </div>
      <div className="under">
        {kpi.value === null ? t('none') : kpi.n < 10 ? t('few', { n: 10 }) : t('n', { n: kpi.n })}
        {kpi.beside && ` · ${kpi.beside}`}
        {kpi.provisional && ` · ${t('provisional')}`}
      </div>
      {children}
      {drill}
    </div>
  )
}
