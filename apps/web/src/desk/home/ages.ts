import type { Card } from '../dispatch/board'

export const AGES = ['hour', 'half', 'day', 'more'] as const
export type Age = (typeof AGES)[number]
const UNTIL: Record<Age, number> = { hour: 60, half: 240, day: 1440, more: Number.POSITIVE_INFINITY }

/** Orders that wait, by how long they have: how many, and how many of these are past their promise or due time. */
export function byAge(
  cards: readonly Pick<Card, 'createdAt' | 'late'>[],
  now: number,
): { age: Age; n: number; late: number }[] {
  const found = AGES.map((age) => ({ age, n: 0, late: 0 }))
  for (const card of cards) {
    const minutes = (now - Date.parse(card.createdAt)) / 60_000
    const group = found.find((g) => minutes < UNTIL[g.age])
    if (!group) continue
    group.n++
    if (card.late) group.late++
  }
  return found
}

/** First day of the month and today, of a local date. */
export const monthOf = (today: string): { from: string; to: string } => ({ from: `${today.slice(0, 8)}01`, to: today })

export function greeting(hour: number): 'early' | 'noon' | 'afternoon' | 'evening' {
  return hour < 11 && hour >= 4
    ? 'early'
    : hour >= 11 && hour < 13
      ? 'noon'
      : hour >= 13 && hour < 18
        ? 'afternoon'
        : 'evening'
}
