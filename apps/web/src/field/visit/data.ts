import { useCallback, useMemo } from 'react'
import type { ApiError } from '../../common/api/problem'
import { useCall } from '../../common/api/query'
import { useNow } from '../../common/now'
import { useMe } from '../../common/session'
import { useRow, useRows, useStatus } from '../../offline'
import {
  type Document,
  type DocumentRow,
  documentOf,
  documentRowOf,
  templateId,
  type VisitFull,
  visitOf,
} from '../../offline/visits'

/** What a page asks for: from the phone's own rows, else (an old visit, somebody else's) from the server. */
export type Local<T> = { data: T | undefined; isError: boolean; error: ApiError | null; refetch: () => unknown }

export function useVisit(id: string): Local<VisitFull> {
  const me = useMe()
  const row = useRow('visit', id)
  const { ready } = useStatus()
  const now = useNow(60_000)
  const local = useMemo(() => row && visitOf(row, me, now), [row, me, now])
  // A visit that is not among the rows may be old, or somebody else's that this person may read.
  const remote = useCall(
    'GET /api/visits/:id',
    { params: { id } },
    { watch: [{ aggregate: 'visit', id }, 'evidence'], enabled: !row && ready },
  )
  const data = useMemo(
    () => local ?? (remote.data && { ...remote.data, slaAt: remote.dataUpdatedAt }),
    [local, remote.data, remote.dataUpdatedAt],
  )
  return { data, isError: !data && remote.isError, error: remote.error, refetch: remote.refetch }
}

export function useDocuments(visitId: string, enabled = true): Local<{ rows: DocumentRow[] }> {
  const mine = useCallback((d: { visitId: string }) => enabled && d.visitId === visitId, [visitId, enabled])
  const visit = useRow('visit', visitId)
  const documents = useRows('document', mine)
  const templates = useRows('template')
  const { ready } = useStatus()
  const remote = useCall(
    'GET /api/documents',
    { query: { visitId } },
    { watch: ['document'], enabled: enabled && ready && !visit },
  )
  const rows = useMemo(() => {
    const by = new Map(templates.map((t) => [`${t.key}@${t.version}`, t]))
    return [...documents]
      .sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : a.id < b.id ? -1 : 1))
      .map((d) => documentRowOf(d, by.get(templateId(d))))
  }, [documents, templates])
  const data = useMemo(() => (visit ? { rows } : remote.data), [visit, rows, remote.data])
  return { data, isError: !data && remote.isError, error: remote.error, refetch: remote.refetch }
}

export function useDocument(id: string): Local<Document> {
  const row = useRow('document', id)
  const template = useRow('template', row ? templateId(row) : '')
  const { ready } = useStatus()
  const remote = useCall(
    'GET /api/documents/:id',
    { params: { id } },
    { watch: [{ aggregate: 'document', id }], enabled: ready && !(row && template) },
  )
  const local = useMemo(() => (row && template ? documentOf(row, template) : undefined), [row, template])
  const data = local ?? remote.data
  return { data, isError: !data && remote.isError, error: remote.error, refetch: remote.refetch }
}
