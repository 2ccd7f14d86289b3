import { useQueryClient } from '@tanstack/react-query'
import type { Project } from './health'

/** Puts a command's answer on the page at once and marks the lists stale; without an answer the page is read again. */
export function useTake() {
  const client = useQueryClient()
  return (project: Project | null, id = project?.id ?? '') => {
    const key = ['GET /api/projects/:id', { params: { id } }]
    if (project) client.setQueryData(key, project)
    else void client.invalidateQueries({ queryKey: key })
    void client.invalidateQueries({ queryKey: ['GET /api/projects'] })
  }
}
