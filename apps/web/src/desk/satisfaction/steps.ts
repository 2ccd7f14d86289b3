/** The five steps of a case, and the end. */
export const STEPS = ['contact', 'plan', 'do', 'check', 'act', 'close'] as const
export type Step = (typeof STEPS)[number]

type Facts = {
  state: string
  contactedAt: string | null
  contactDueAt: string | null
  planDueAt: string | null
  plan: { dueAt: string } | null
  doneAt: string | null
  check: { effective: boolean } | null
  act: unknown | null
  closedAt: string | null
}
/** How many steps each state has behind it. */
const BEHIND: Record<string, number> = { open: 0, contacted: 1, planned: 2, done: 3, checked: 4, acted: 5, closed: 6 }

export function stepState(c: Pick<Facts, 'state' | 'check'>, step: Step): 'done' | 'now' | 'todo' {
  const behind = BEHIND[c.state] ?? 0
  const at = STEPS.indexOf(step)
  // A check that found no effect leads back to the plan, not on.
  if (c.state === 'checked' && c.check?.effective === false) return step === 'plan' ? 'now' : at < 4 ? 'done' : 'todo'
  return at < behind ? 'done' : at === behind ? 'now' : 'todo'
}

/** Why a case cannot be closed yet; null: it can. */
export function closeBlockedBy(
  c: Pick<Facts, 'state' | 'check' | 'act'>,
): 'unchecked' | 'ineffective' | 'notActed' | null {
  if (!c.check) return 'unchecked'
  if (!c.check.effective) return 'ineffective'
  return c.state === 'acted' ? null : 'notActed'
}

/** The next time limit of a case. */
export function dueOf(c: Facts): { step: 'contact' | 'plan' | 'do'; at: string } | null {
  if (c.closedAt) return null
  if (!c.contactedAt) return c.contactDueAt ? { step: 'contact', at: c.contactDueAt } : null
  if (c.state === 'contacted') return c.planDueAt ? { step: 'plan', at: c.planDueAt } : null
  if (c.state === 'planned' && c.plan) return { step: 'do', at: c.plan.dueAt }
  return null
}
