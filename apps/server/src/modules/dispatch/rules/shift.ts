import { min, type Placement, type Problem, type Rule } from '../problem'

/** Minutes of the visit before or after the shift of its day. Lunch inside it is the engineer's own to arrange. */
function outside({ engineer, start, end }: Placement, { dateOf }: Problem) {
  const hours = engineer.shiftOn(dateOf(start))
  const first = hours[0]
  const last = hours.at(-1)
  if (!first || !last) return { off: true, min: min(end - start), from: null, to: null }
  const early = Math.max(0, Math.min(first[0], end) - start)
  const late = Math.max(0, end - Math.max(last[1], start))
  return { off: false, min: min(early + late), from: first[0], to: last[1] }
}

/** Work outside the shift is possible and said: overtime is somebody's decision, not the computer's. */
export const shift: Rule = {
  name: 'shift',
  weight: 'shift',
  check: (p, problem) => {
    const o = outside(p, problem)
    if (o.off) return [{ code: 'day_off', params: { date: problem.dateOf(p.start) } }]
    return o.min > 0 ? [{ code: 'outside_shift', params: { min: o.min, from: o.from, to: o.to } }] : []
  },
  cost: (p, problem) => outside(p, problem).min,
  explain: (p, problem) => {
    const o = outside(p, problem)
    return o.min === 0 ? [{ code: 'in_shift', params: { from: o.from, to: o.to } }] : []
  },
}
