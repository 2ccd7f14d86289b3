import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMe } from '../common/session'
import { places } from './scenes'

/** A link to another place of the desk; plain words where that place does not exist for this person: no link that leads nowhere. */
export function PlaceLink({ to, children }: { to: `/${string}`; children: ReactNode }) {
  const me = useMe()
  const root = `/${to.split(/[/?]/)[1]}`
  if (!places(me.abilities).some((s) => s.path === root)) return <>{children}</>
  const [path, search] = to.split('?') as [string, string | undefined]
  return (
    <Link to={path} search={Object.fromEntries(new URLSearchParams(search)) as never}>
      {children}
    </Link>
  )
}
