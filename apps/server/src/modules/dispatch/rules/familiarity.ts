import type { Argument, Rule } from '../problem'

/** Who has been there knows the gate, the rack and the people. Five visits are as good as fifty. */
export const familiarity: Rule = {
  name: 'familiarity',
  weight: 'familiarity',
  check: () => [],
  cost: ({ engineer }) => 5 * (5 - Math.min(5, engineer.past.visits)),
  explain: ({ engineer: { past } }): Argument[] => [
    past.visits > 0
      ? { code: 'knows_customer', params: { visits: past.visits, lastAt: past.lastAt } }
      : { code: 'new_to_customer', params: {} },
  ],
}
