import type { View } from '../../common/FilterBar'
import type { StateOf } from '../../common/StateTag'

export type OrderStateCode = StateOf<'order'>
const OPEN: OrderStateCode[] = [
  'draft',
  'new',
  'unassigned',
  'assigned',
  'in_progress',
  'on_hold',
  'awaiting_acceptance',
  'completed',
]
const ENDED: OrderStateCode[] = ['closed', 'cancelled', 'cannot_complete']

/** The tabs over the list: each is a set of states, and counts what its rows would be. */
export const TABS: { key: string; states: OrderStateCode[] }[] = [
  { key: 'open', states: OPEN },
  { key: 'new', states: ['new'] },
  { key: 'unassigned', states: ['unassigned'] },
  { key: 'assigned', states: ['assigned'] },
  { key: 'in_progress', states: ['in_progress'] },
  { key: 'on_hold', states: ['on_hold'] },
  { key: 'awaiting_acceptance', states: ['awaiting_acceptance'] },
  { key: 'completed', states: ['completed'] },
  { key: 'draft', states: ['draft'] },
  { key: 'ended', states: ENDED },
  { key: 'all', states: [...OPEN, ...ENDED] },
]

export const SORTS = ['created', 'due', 'priority', 'changed'] as const
export type Sort = (typeof SORTS)[number]
export const GROUPS = ['none', 'priority', 'due', 'created'] as const
export type Group = (typeof GROUPS)[number]
/** Groups are runs of neighbours, so each brings its own order. */
const SORT_OF: Partial<Record<Group, Sort>> = { priority: 'priority', due: 'due', created: 'created' }

const first = <T extends string>(view: View, key: string, known: readonly T[], otherwise: T): T => {
  const value = view[key]?.[0] as T | undefined
  return value && known.includes(value) ? value : otherwise
}
export const tabOf = (view: View) => TABS.find((t) => t.key === view.tab?.[0]) ?? (TABS[0] as (typeof TABS)[number])
export const groupOf = (view: View): Group => first(view, 'group', GROUPS, 'none')
export const sortOf = (view: View): Sort => SORT_OF[groupOf(view)] ?? first(view, 'sort', SORTS, 'created')

const one = (view: View, key: string) => (view[key]?.[0] ? { [key]: view[key]?.[0] } : {})

/** What the list asks the server for. */
export function queryOf(view: View) {
  const tab = tabOf(view)
  return {
    ...(tab.key === 'all' ? {} : { state: tab.states }),
    ...(view.type?.length ? { type: view.type as ('install' | 'repair')[] } : {}),
    ...(view.priority?.length ? { priority: view.priority as ('urgent' | 'low')[] } : {}),
    ...one(view, 'teamId'),
    ...one(view, 'engineerId'),
    ...one(view, 'customerId'),
    ...one(view, 'projectId'),
    ...(view.late?.[0] === 'true' || view.late?.[0] === 'false' ? { late: view.late[0] as 'true' | 'false' } : {}),
    ...(view.q?.length ? { q: view.q.join(',').slice(0, 100) } : {}),
    sort: sortOf(view),
  }
}

/** How many a tab holds, from the counts by state that came with the rows. */
export function countOf(states: readonly OrderStateCode[], counts: Partial<Record<OrderStateCode, number>>): number {
  return states.reduce((n, s) => n + (counts[s] ?? 0), 0)
}

/**
 * Fresh rows against those on the screen. Rows that stay are renewed in place; what would come, go or change places is
 * counted, for the person to let in when ready.
 */
export function renew<Row extends { id: string }>(
  shown: readonly Row[],
  fresh: readonly Row[],
): { rows: Row[]; waiting: number } {
  const byId = new Map(fresh.map((r) => [r.id, r]))
  const here = new Set(shown.map((r) => r.id))
  const last = shown.at(-1)
  // The next page, read on: it comes after what is shown and moves nothing.
  const tail = last ? fresh.slice(fresh.findIndex((r) => r.id === last.id) + 1) : []
  const appended = last && byId.has(last.id) ? tail.filter((r) => !here.has(r.id)) : []
  const gone = shown.filter((r) => !byId.has(r.id)).length
  const come = fresh.length - appended.length - fresh.filter((r) => here.has(r.id)).length
  return { rows: [...shown.map((r) => byId.get(r.id) ?? r), ...appended], waiting: gone + come }
}
