import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import type { Ability } from '#contracts'
import { call, onSignedOut, type Reply } from './api/call'
import { ApiError } from './api/problem'
import { startLive, stopLive } from './live/live'

export type Me = Reply<'GET /api/session'>
type Session = { state: 'loading' } | { state: 'failed'; error: ApiError } | { state: 'out' } | { state: 'in'; me: Me }
type SessionContext = Session & {
  signedIn: (me: Me) => void
  signOut: () => Promise<void>
  again: () => void
}

const Context = createContext<SessionContext | null>(null)

/** Knows who is signed in and keeps the live stream running for them. Wrap a face in it, inside QueryClientProvider. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session>({ state: 'loading' })
  const [round, setRound] = useState(0)
  const client = useQueryClient()

  useEffect(() => {
    let current = true
    call('GET /api/session').then(
      (me) => current && setSession({ state: 'in', me }),
      (error: unknown) => {
        if (!current) return
        if (error instanceof ApiError && error.status === 401) setSession({ state: 'out' })
        else if (error instanceof ApiError) setSession({ state: 'failed', error })
      },
    )
    return () => {
      current = false
    }
  }, [round])

  useEffect(() => onSignedOut(() => setSession({ state: 'out' })), [])
  useEffect(() => {
    if (session.state !== 'in') return
    startLive()
    return stopLive
  }, [session.state])

  const value = useMemo<SessionContext>(
    () => ({
      ...session,
      signedIn: (me) => {
        // Another person may have signed in: nothing of the one before may show.
        client.clear()
        setSession({ state: 'in', me })
      },
      signOut: async () => {
        await call('DELETE /api/session')
        client.clear()
        setSession({ state: 'out' })
      },
      again: () => {
        setSession({ state: 'loading' })
        setRound((n) => n + 1)
      },
    }),
    [session, client],
  )
  return <Context.Provider value={value}>{children}</Context.Provider>
}

export function useSession(): SessionContext {
  const session = useContext(Context)
  if (!session) throw new Error('useSession outside SessionProvider')
  return session
}

/** The person signed in. Only below the signed-in shell. */
export function useMe(): Me {
  const session = useSession()
  if (session.state !== 'in') throw new Error('useMe while signed out')
  return session.me
}

/** May this person do it at all, whatever the row? For one row, ask the answer's own `can`. Never ask for a role. */
export function useAbility(ability: Ability | undefined): boolean {
  const session = useContext(Context)
  return ability === undefined || (session?.state === 'in' && session.me.abilities.includes(ability))
}
