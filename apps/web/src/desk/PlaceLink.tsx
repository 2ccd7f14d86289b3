import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMe } from '../common/session'
import { places } from './scenes'

/** A link to another place of the desk; plain words where that place does not exist for this person: no link that leads nowhere. */
export function PlaceLink({
  to,
  quiet,
  children,
}: {
  to: `/${string}`
  /** Looks like a quiet button, and is not there at all where it leads nowhere. */
  quiet?: boolean
  children: ReactNode
}) {
  const me = useMe()
  const root = `/${to.split(/[/?]/)[1]}`
  if (!places(me.abilities).some((s) => s.path === root)) return quiet ? null : children
  const [path, search] = to.split('?') as [string, string | undefined]
  return (
    <Link
      className={quiet ? 'zc-btn quiet' : undefined}
      to={path}
      search={Object.fromEntries(new URLSearchParams(search)) as never}
    >
      {children}
    </Link>
  )
}
