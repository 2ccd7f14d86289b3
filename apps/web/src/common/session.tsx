import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import type { Ability } from '#contracts'
import { call, onSignedOut, type Reply } from './api/call'
import { ApiError } from './api/problem'
import { firstMe, forgetFirst } from './first'
import { startLive, stopLive } from './live/live'
import { recallJson, remember } from './storage'

export type Me = Reply<'GET /api/session'>
type Session = { state: 'loading' } | { state: 'failed'; error: ApiError } | { state: 'out' } | { state: 'in'; me: Me }
type SessionContext = Session & {
  signedIn: (me: Me) => void
  signOut: () => Promise<void>
  again: () => void
}

const Context = createContext<SessionContext | null>(null)

const KEPT = 'zc.me'

/** Who this phone belongs to, as the page or its own memory says, before the server has been asked. */
export const knownMe = (): Me | undefined => firstMe() ?? recallJson<Me>(KEPT) ?? undefined

/**
 * Knows who is signed in and keeps the live stream running for them. Wrap a face in it, inside QueryClientProvider.
 * `keep`: the phone remembers who it belongs to and opens without a network; only the server's own no, or a sign-out,
 * ends that.
 */
export function SessionProvider({ children, keep = false }: { children: ReactNode; keep?: boolean }) {
  const [session, setSession] = useState<Session>(() => {
    const kept = keep ? knownMe() : undefined
    return kept ? { state: 'in', me: kept } : { state: 'loading' }
  })
  const [round, setRound] = useState(0)
  const client = useQueryClient()

  useEffect(() => {
    let current = true
    const ask = () =>
      call('GET /api/session').then(
        (me) => {
          if (!current) return
          if (keep) remember(KEPT, JSON.stringify(me))
          // The same person as remembered: nothing on the screen needs to be built anew.
          setSession((now) =>
            now.state === 'in' && JSON.stringify(now.me) === JSON.stringify(me) ? now : { state: 'in', me },
          )
        },
        (error: unknown) => {
          if (!current || !(error instanceof ApiError)) return
          if (error.status === 401) setSession({ state: 'out' })
          else setSession((now) => (now.state === 'in' ? now : { state: 'failed', error }))
        },
      )
    const told = keep && round === 0 ? firstMe() : null
    if (told) remember(KEPT, JSON.stringify(told))
    else void ask()
    // Who opened without a network is asked for again when there is one.
    const again = () => void ask()
    if (keep) window.addEventListener('online', again)
    return () => {
      current = false
      window.removeEventListener('online', again)
    }
  }, [round, keep])

  useEffect(() => onSignedOut(() => setSession({ state: 'out' })), [])
  useEffect(() => {
    if (keep && session.state === 'out') remember(KEPT, null)
  }, [keep, session.state])
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
        forgetFirst()
        if (keep) remember(KEPT, JSON.stringify(me))
        setSession({ state: 'in', me })
      },
      signOut: async () => {
        if (keep) await import('./notify/push').then((push) => push.forgetHere()).catch(() => {})
        await call('DELETE /api/session')
        client.clear()
        forgetFirst()
        setSession({ state: 'out' })
      },
      again: () => {
        setSession({ state: 'loading' })
        setRound((n) => n + 1)
      },
    }),
    [session, client, keep],
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
