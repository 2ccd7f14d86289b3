import { useCallback, useEffect, useMemo, useSyncExternalStore } from 'react'
import type { CollectionName, ReplicaRows } from '#contracts/replica'
import { firstOf } from '../common/first'
import { useMe } from '../common/session'
import type { BodyOf, CommandName } from './commands'
import type { ActOptions, Offline, Outcome, Status } from './engine'
import type { Item } from './types'

// The small part that every page carries; the engine itself (database, rules, hashes) is a chunk of its own.

let opened: { me: string; loading: Promise<Offline>; close: () => void } | undefined
let current: Offline | undefined
const changed = new Set<() => void>()

/** Opens the database now: somebody acts. */
let hurry = () => {}
/** Where today's rows came with the page they are painted first; the database waits for that, or for the first tap. */
const calm = (me: string): Promise<void> =>
  firstOf(me)
    ? new Promise((go) => {
        hurry = go
        requestAnimationFrame(() => setTimeout(go, 600))
      })
    : Promise.resolve()

/** The engine of the person signed in; opened once, whoever asks first. */
export function offlineOf(me: { id: string; name: string; zone: string }): Promise<Offline> {
  if (opened?.me === me.id) return opened.loading
  opened?.close()
  current = undefined
  let close = () => {}
  let closed = false
  const loading = calm(me.id).then(async () => {
    const { openPerson } = await import('./person')
    const person = await openPerson(me)
    if (closed) {
      person.close()
      return person.offline
    }
    close = person.close
    current = person.offline
    for (const tell of changed) tell()
    return person.offline
  })
  opened = {
    me: me.id,
    loading,
    close: () => {
      closed = true
      close()
    },
  }
  return loading
}

/** Forgets the engine (sign-out, cleared device); what it has kept stays kept. */
export function closeOffline(): void {
  opened?.close()
  opened = undefined
  current = undefined
  for (const tell of changed) tell()
}

/** The engine when it is here; undefined for the moment in which it is read from the device. */
export function useOffline(): Offline | undefined {
  const me = useMe()
  useEffect(() => {
    void offlineOf(me)
  }, [me])
  return useSyncExternalStore(
    (tell) => {
      changed.add(tell)
      return () => changed.delete(tell)
    },
    () => (opened?.me === me.id ? current : undefined),
  )
}

const nothing = () => () => {}
function useRead<T>(read: (o: Offline) => T, empty: T): T {
  const offline = useOffline()
  return useSyncExternalStore(offline?.subscribe ?? nothing, () => (offline ? read(offline) : empty))
}

/** One row with everything that was done on this phone already applied; undefined: not here (see `useStatus().ready`). */
export function useRow<C extends CollectionName>(collection: C, id: string): ReplicaRows[C] | undefined {
  return useRead((o) => o.row(collection, id), undefined)
}

const NO_ROWS: readonly never[] = []
/** Rows of a collection, live. A filter that changes with something besides the row goes into `useCallback`. */
export function useRows<C extends CollectionName>(
  collection: C,
  filter?: (row: ReplicaRows[C]) => boolean,
): readonly ReplicaRows[C][] {
  const rows = useRead<readonly ReplicaRows[C][]>((o) => o.rows(collection), NO_ROWS)
  return useMemo(() => (filter ? rows.filter(filter) : rows), [rows, filter])
}

export type Act = <C extends CommandName>(
  command: C,
  subject: string,
  body: BodyOf<C>,
  o?: ActOptions,
) => Promise<{ commandId: string }>

/** `const act = useAct(); await act('visit.depart', id, {})`: resolves when it is safe on the phone, in milliseconds. */
export function useAct(): Act {
  const me = useMe()
  return useCallback<Act>(
    async (command, subject, body, o) => {
      hurry()
      return (await offlineOf(me)).act(command, subject, body, o)
    },
    [me],
  )
}

/** What became of an action; undefined for none. */
export function useOutcome(commandId: string | undefined): Outcome | undefined {
  const items = useItems()
  const offline = useOffline()
  return useMemo(
    () => (commandId && items.length > 0 ? offline?.outcome(commandId) : undefined),
    [items, offline, commandId],
  )
}

const NO_ITEMS: readonly Item[] = []
/** The outbox, oldest first. */
export const useItems = (): readonly Item[] => useRead((o) => o.items(), NO_ITEMS)

const LOADING: Status = {
  ready: false,
  contact: null,
  signedOut: false,
  busy: false,
  syncedAt: null,
  given: false,
  problem: null,
  full: false,
  durable: true,
  waiting: 0,
  oldest: null,
  asking: 0,
}
/** How the phone stands: contact, what waits, when it was last up to date. */
export const useStatus = (): Status => useRead((o) => o.getStatus(), LOADING)
