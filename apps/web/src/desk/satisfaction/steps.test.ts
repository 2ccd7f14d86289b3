import { describe, expect, it } from 'vitest'
import { closeBlockedBy, dueOf, stepState } from './steps'

const effective = { effective: true }
const none = { effective: false }

describe('a case', () => {
  it('shows what is done, what is next and what waits', () => {
    expect(stepState({ state: 'planned', check: null }, 'plan')).toBe('done')
    expect(stepState({ state: 'planned', check: null }, 'do')).toBe('now')
    expect(stepState({ state: 'planned', check: null }, 'act')).toBe('todo')
  })
  it('goes back to the plan when the check found no effect', () => {
    expect(stepState({ state: 'checked', check: none }, 'plan')).toBe('now')
    expect(stepState({ state: 'checked', check: none }, 'act')).toBe('todo')
  })
  it('cannot close before the effect is checked, found and kept', () => {
    expect(closeBlockedBy({ state: 'done', check: null, act: null })).toBe('unchecked')
    expect(closeBlockedBy({ state: 'checked', check: none, act: null })).toBe('ineffective')
    expect(closeBlockedBy({ state: 'checked', check: effective, act: null })).toBe('notActed')
    expect(closeBlockedBy({ state: 'acted', check: effective, act: {} })).toBeNull()
  })
  it('names the next time limit', () => {
    const c = {
      state: 'open',
      contactedAt: null,
      contactDueAt: 'a',
      planDueAt: 'b',
      plan: null,
      doneAt: null,
      check: null,
      act: null,
      closedAt: null,
    }
    expect(dueOf(c)).toEqual({ step: 'contact', at: 'a' })
    expect(dueOf({ ...c, state: 'contacted', contactedAt: 'x' })).toEqual({ step: 'plan', at: 'b' })
    expect(dueOf({ ...c, state: 'planned', contactedAt: 'x', plan: { dueAt: 'd' } })).toEqual({ step: 'do', at: 'd' })
    expect(dueOf({ ...c, closedAt: 'z' })).toBeNull()
  })
})
