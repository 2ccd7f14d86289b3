import { useCallback, useState } from 'react'
import { recallJson, remember } from './storage'

/**
 * State that survives a reload, a crash and a sign-in: every keystroke is kept under `key` at once.
 * `clear()` after it was sent. Put the person's id into the key where devices are shared.
 */
export function useDraft<T>(key: string, initial: T): [T, (value: T) => void, () => void] {
  const name = `zc.draft.${key}`
  const [state, setState] = useState(() => ({ key: name, value: recallJson<T>(name) ?? initial }))
  // Another subject was opened in the same place: its own draft, never the one before.
  const value = state.key === name ? state.value : (recallJson<T>(name) ?? initial)
  if (state.key !== name) setState({ key: name, value })
  const set = useCallback(
    (next: T) => {
      setState({ key: name, value: next })
      remember(name, JSON.stringify(next))
    },
    [name],
  )
  const clear = useCallback(() => {
    setState({ key: name, value: initial })
    remember(name, null)
  }, [name, initial])
  return [value, set, clear]
}
