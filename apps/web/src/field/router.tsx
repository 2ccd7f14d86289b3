import { type ComponentProps, useSyncExternalStore } from 'react'

// The phone has a handful of flat pages: sixty lines instead of 30 kB of router keep the first load inside its budget.

const listeners = new Set<() => void>()
const tellAll = () => {
  for (const tell of listeners) tell()
}
if (typeof window !== 'undefined') window.addEventListener('popstate', tellAll)

/** Goes to a page; `replace` leaves no step back. */
export function navigate(to: string, { replace = false }: { replace?: boolean } = {}) {
  if (replace) history.replaceState({ ...history.state }, '', to)
  else history.pushState({ depth: ((history.state?.depth as number | undefined) ?? 0) + 1 }, '', to)
  if (!replace) window.scrollTo(0, 0)
  tellAll()
}

/** One step back inside the product, or to `fallback` when this page was opened from outside. */
export function goBack(fallback: string) {
  if (history.state?.depth > 0) history.back()
  else navigate(fallback, { replace: true })
}

/** The parameters when `path` fits `pattern` (`/m/visits/:id`), else undefined. */
export function match(pattern: string, path: string): Record<string, string> | undefined {
  const want = pattern.split('/').filter(Boolean)
  const have = path.split('/').filter(Boolean)
  if (want.length !== have.length) return undefined
  const params: Record<string, string> = {}
  for (const [i, part] of want.entries()) {
    const value = have[i] as string
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(value)
    else if (part !== value) return undefined
  }
  return params
}

/** The address now; a component that uses it follows every change. */
export function usePath(): string {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell)
      return () => listeners.delete(tell)
    },
    () => location.pathname,
  )
}

type Names<P> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Names<Rest>
  : P extends `${string}:${infer Name}`
    ? Name
    : never

/** Parameters of the page on screen: `const { id } = usePageParams('/m/visits/:id')`. */
export function usePageParams<P extends string>(pattern: P): Record<Names<P>, string> {
  const found = match(pattern, usePath())
  if (!found) throw new Error(`This page is not at ${pattern}`)
  return found as Record<Names<P>, string>
}

export function Link({ to, onClick, ...rest }: { to: string } & Omit<ComponentProps<'a'>, 'href'>) {
  return (
    <a
      {...rest}
      href={to}
      onClick={(e) => {
        onClick?.(e)
        if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey) return
        e.preventDefault()
        navigate(to)
      }}
    />
  )
}
