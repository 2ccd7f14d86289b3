import type { Reply } from '../../common/api/call'
import { dateOf, dayOf } from '../../common/gantt'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { words } from './words'

export type ProjectRow = Reply<'GET /api/projects'>['rows'][number]
export type Project = Reply<'GET /api/projects/:id'>
export type Phase = Project['phases'][number]
type Cause = ProjectRow['health']['causes'][number]
type Named = { id: string; name: { zh: string; en: string } }

export const useWord = () => {
  const zh = useLanguage() === 'zh-CN'
  return (w: { zh: string; en: string }) => (zh ? w.zh : w.en)
}

/** A cause in words; one phase is called by its name. */
export function useCauseWords() {
  const t = useWords(words)
  const word = useWord()
  return (cause: Cause, phases: readonly Named[]): string => {
    const n = (key: string) => cause.params[key] ?? 0
    const one = cause.refs.length === 1 ? phases.find((p) => p.id === cause.refs[0]?.id) : undefined
    switch (cause.code) {
      case 'overdue_phase':
        return one
          ? t('cause.overdue_phase.named', { name: word(one.name), days: n('days') })
          : t('cause.overdue_phase', { count: n('count'), days: n('days') })
      case 'phase_slipping':
        return one
          ? t('cause.phase_slipping.named', { name: word(one.name) })
          : t('cause.phase_slipping', { count: n('count') })
      case 'low_score':
        return t('cause.low_score', { count: n('count'), lowest: n('lowest') })
      case 'over_budget':
        return t('cause.over_budget', { percent: n('percent') })
      case 'nothing_planned':
        return t('cause.nothing_planned')
      default:
        return t(`cause.${cause.code}`, { count: n('count') })
    }
  }
}

type Dates = {
  weight: number
  plannedStart: string
  plannedEnd: string
  actualStart: string | null
  actualEnd: string | null
}

/**
 * Planned and actual progress over the life of a project, in per cent at `points` equal steps from its first day to its
 * last: half of a phase's weight when it begins, all when it has ended, the same rule as the server's numbers.
 * The actual line stops at today.
 */
export function curves(phases: readonly Dates[], today: string, points = 16): { planned: number[]; actual: number[] } {
  const all = phases.reduce((sum, p) => sum + p.weight, 0)
  if (all === 0) return { planned: [], actual: [] }
  const begun = phases.flatMap((p) => [p.plannedStart, p.actualStart ?? p.plannedStart]).sort()
  const ended = phases.flatMap((p) => [p.plannedEnd, p.actualEnd ?? p.plannedEnd]).sort()
  const from = dayOf(begun[0] as string)
  const late = phases.some((p) => p.actualEnd === null) ? dayOf(today) : from
  const to = Math.max(dayOf(ended.at(-1) as string), late)
  const share = (of: (p: Dates) => number) => Math.round((phases.reduce((s, p) => s + p.weight * of(p), 0) / all) * 100)
  const planned: number[] = []
  const actual: number[] = []
  for (let i = 0; i < points; i++) {
    const day = dateOf(Math.round(from + ((to - from) * i) / (points - 1)))
    planned.push(share((p) => (p.plannedEnd <= day ? 1 : p.plannedStart <= day ? 0.5 : 0)))
    if (day <= today)
      actual.push(
        share((p) =>
          p.actualEnd !== null && p.actualEnd <= day ? 1 : p.actualStart !== null && p.actualStart <= day ? 0.5 : 0,
        ),
      )
  }
  return { planned, actual }
}
