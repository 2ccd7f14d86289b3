import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { readView, type View, writeView } from '../common/FilterBar'

/** The view of a list, kept in the URL of the page: a link or a reload shows the same. Typing replaces the step, it does not pile up. */
export function useView(): [View, (view: View) => void] {
  const search = useRouterState({ select: (s) => s.location.searchStr })
  const navigate = useNavigate()
  const view = useMemo(() => readView(search), [search])
  const setView = useCallback(
    (next: View) => {
      const entries = new URLSearchParams(writeView(next))
      void navigate({ to: '.', search: Object.fromEntries(entries) as never, replace: true })
    },
    [navigate],
  )
  return [view, setView]
}
