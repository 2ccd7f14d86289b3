import { useCallback, useEffect, useRef, useState } from 'react'

/** Loads something and again every `everyMs` while the page is looked at; what is shown stays while it is asked for again. */
export function useLoad<T>(load: () => Promise<T>, key: string, everyMs = 0) {
  const [data, setData] = useState<T | null>(null)
  const [error, setError] = useState<unknown>(null)
  const latest = useRef(load)
  latest.current = load
  const reload = useCallback(async () => {
    try {
      setData(await latest.current())
      setError(null)
    } catch (e) {
      setError(e)
    }
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another key is another thing to load.
  useEffect(() => {
    void reload()
    if (!everyMs) return
    const timer = setInterval(() => document.visibilityState === 'visible' && void reload(), everyMs)
    const seen = () => document.visibilityState === 'visible' && void reload()
    document.addEventListener('visibilitychange', seen)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [key, everyMs, reload])
  return { data, error, reload }
}
