// The working day in progress: what the same story brings today, as intended commands by time. The writer executes
// those whose time has come through the real commands; the rest of the day stays planned or unassigned.

import type { StoryHistory, StoryStep } from './history'
import { at, dateOf, type LocalDate } from './time'

export interface StoryToday {
  date: LocalDate
  /** Up to now, by time: to be executed. */
  done: readonly StoryStep[]
  /** After now: what the day would bring. Shown by nobody, useful for a demo that runs on. */
  ahead: readonly StoryStep[]
  /** Orders created today or with a visit planned today. */
  orderIds: readonly string[]
  /** What the day shows on purpose, by order id; absent at night and on rest days where it would not be believed. */
  shows: { emergency: string | null; declined: string | null; remote: string | null }
}

export function tellToday(now: number, history: StoryHistory): StoryToday {
  const date = dateOf(now)
  const ids = new Set<string>()
  for (const step of history.steps)
    if (step.kind === 'event' && step.beat.type === 'order.created') ids.add(step.orderId)
  for (const trip of history.trips) if (trip.day === date) ids.add(trip.job.id)
  return {
    date,
    done: history.steps.filter((step) => step.at <= now),
    ahead: history.steps.filter((step) => step.at > now && step.at >= at(date)),
    orderIds: [...ids],
    shows: {
      emergency: history.special.get('emergency') ?? null,
      declined: history.special.get('declined') ?? null,
      remote: history.special.get('remote') ?? null,
    },
  }
}
