import { joinList } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { useStateName } from '../../common/StateTag'
import { type ProjectRow, useWord } from './health'
import './projects.css'
import { words } from './words'

type Bar = Pick<ProjectRow['phases'][number], 'id' | 'name' | 'weight' | 'state' | 'late'>

/** The phases as one bar of segments as wide as their weight; late ones in red, each with its name and state to hover or hear. */
export function PhaseBar({ phases, tall }: { phases: readonly Bar[]; tall?: boolean }) {
  const t = useWords(words)
  const word = useWord()
  const stateName = useStateName()
  const running = phases.filter((p) => p.state === 'active').map((p) => word(p.name))
  const now = running.length
    ? joinList(running)
    : phases.every((p) => p.state === 'done')
      ? t('phases.all')
      : t('phases.none')
  return (
    <span className={`zc-phases${tall ? ' tall' : ''}`} role="img" aria-label={t('phases.label', { now })}>
      {phases.map((p) => (
        <i
          key={p.id}
          data-state={p.state}
          data-late={(p.late && p.state !== 'done') || undefined}
          style={{ flexGrow: Math.max(1, p.weight) }}
          title={`${word(p.name)} · ${stateName('phase', p.state)}`}
        >
          {tall && <span className="zc-clip">{word(p.name)}</span>}
        </i>
      ))}
    </span>
  )
}

/** The running phase in words, for the line beside the bar. */
export function useRunning() {
  const t = useWords(words)
  const word = useWord()
  return (phases: readonly Bar[]): string => {
    const running = phases.filter((p) => p.state === 'active')
    if (running.length) return joinList(running.map((p) => word(p.name)))
    return phases.every((p) => p.state === 'done') ? t('phases.all') : t('phases.none')
  }
}
