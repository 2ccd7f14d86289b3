import type { Argument, Objection, Rule } from '../problem'

/** Every skill the order asks for, at its level or above; who is far above it is better kept for harder work. */
export const skills: Rule = {
  name: 'skills',
  weight: 'skills',
  check: ({ engineer }, { job }) =>
    job.skills.flatMap((need): Objection[] => {
      const has = engineer.skills.find((s) => s.code === need.code)
      if (!has) return [{ code: 'skill_missing', params: { skill: need.name, need: need.level } }]
      if (has.level < need.level)
        return [{ code: 'skill_low', params: { skill: need.name, has: has.level, need: need.level } }]
      return []
    }),
  // Ten minutes a level above what is asked for.
  cost: ({ engineer }, { job }) =>
    job.skills.reduce((n, need) => {
      const has = engineer.skills.find((s) => s.code === need.code)
      return n + 10 * Math.max(0, (has?.level ?? 0) - need.level)
    }, 0),
  explain: ({ engineer }, { job }) =>
    job.skills.flatMap((need): Argument[] => {
      const has = engineer.skills.find((s) => s.code === need.code)
      return has && has.level >= need.level
        ? [{ code: 'skill_has', params: { skill: need.name, level: has.level, need: need.level } }]
        : []
    }),
}
