import { useCallback, useMemo } from 'react'
import type { ReplicaRows } from '#contracts/replica'
import { missingItems, type Progress, progressOf, valuesOf } from '#lifecycle/worksheet'
import { useCall } from '../../common/api/query'
import { useRow, useRows, useStatus } from '../../offline'
import type { Local } from '../visit/data'

export type Sheet = ReplicaRows['worksheet']
export type List = Sheet['lists'][number]
export type Item = List['body']['items'][number]
export type Answer = Sheet['answers'][number]
export type Brief = ReplicaRows['brief']
export type Part = ReplicaRows['part']

/** The worksheet that a visit writes on: its own, or that of the lead whom it helps. From the phone, else the server. */
export function useSheet(visitId: string): Local<Sheet | null> {
  const serves = useCallback((s: Sheet) => s.visitIds.includes(visitId), [visitId])
  const row = useRows('worksheet', serves)[0]
  const held = useRow('visit', visitId) !== undefined
  const { ready } = useStatus()
  const remote = useCall(
    'GET /api/worksheets/:id',
    { params: { id: visitId } },
    { watch: ['worksheet'], enabled: ready && !held },
  )
  // A visit of one's own without a worksheet has not been taken yet: that is an answer, too.
  const none = remote.isError && remote.error?.status === 404
  const data = useMemo<Sheet | null | undefined>(
    () =>
      row ??
      (remote.data && { ...remote.data, mayWork: remote.data.can.work === true }) ??
      ((ready && held) || none ? null : undefined),
    [row, remote.data, ready, held, none],
  )
  return { data, isError: data === undefined && remote.isError, error: remote.error, refetch: remote.refetch }
}

export function useBrief(visitId: string): Local<Brief> {
  const row = useRow('brief', visitId)
  const { ready } = useStatus()
  const remote = useCall('GET /api/visits/:id/brief', { params: { id: visitId } }, { enabled: ready && !row })
  const data = row ?? remote.data
  return { data, isError: !data && remote.isError, error: remote.error, refetch: remote.refetch }
}

export function sumOf(sheet: Sheet | null | undefined): Progress {
  const sum = { total: 0, answered: 0, failed: 0, missing: 0 }
  for (const l of sheet?.lists ?? []) {
    const p = progressOf(l.body.items, valuesOf(sheet as Sheet, l.checklistId))
    for (const key of ['total', 'answered', 'failed', 'missing'] as const) sum[key] += p[key]
  }
  return sum
}

/** Required items that nobody has answered, with the checklist that asks for them. */
export const lacking = (sheet: Sheet | null | undefined): { checklistId: string; item: Item }[] =>
  (sheet?.lists ?? []).flatMap((l) =>
    missingItems(l.body.items, valuesOf(sheet as Sheet, l.checklistId)).map((item) => ({
      checklistId: l.checklistId,
      item,
    })),
  )
