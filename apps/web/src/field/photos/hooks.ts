import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { useMe } from '../../common/session'
import type { LocalPhoto, PhotoQueue, QueueStatus, Scene } from './queue'

// What pages carry; the queue itself (hashes, drawing, database) is a chunk of its own.

let loading: Promise<typeof import('./queue')> | undefined
const queueModule = () => {
  loading ??= import('./queue').catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}

/** The queue of the person signed in; undefined for the moment in which it loads. */
export function usePhotoQueue(): PhotoQueue | undefined {
  const me = useMe()
  const [queue, setQueue] = useState<PhotoQueue>()
  useEffect(() => {
    let current = true
    queueModule().then(
      (m) => current && setQueue(m.queueOf(me)),
      () => {},
    )
    return () => {
      current = false
    }
  }, [me])
  return queue
}

const NONE: readonly LocalPhoto[] = []
const nothing = () => () => {}
const IDLE: QueueStatus = { waiting: 0, bytes: 0, held: 0, refused: 0, signedOut: false, full: false }

/** All photos that are on this phone only, and those that have just gone. */
export function useLocalPhotos(): readonly LocalPhoto[] {
  const queue = usePhotoQueue()
  return useSyncExternalStore(queue?.subscribe ?? nothing, queue?.photos ?? (() => NONE))
}
export function usePhotoStatus(): QueueStatus {
  const queue = usePhotoQueue()
  return useSyncExternalStore(queue?.subscribe ?? nothing, queue?.status ?? (() => IDLE))
}

/** Photos of a visit that are still on this phone, and the way to add more. */
export function usePhotos(visit: Scene) {
  const me = useMe()
  const all = useLocalPhotos()
  const photos = useMemo(() => all.filter((p) => p.visitId === visit.id && p.kind === 'photo'), [all, visit.id])
  const add = useCallback(
    async (files: Iterable<File>, fromCamera: boolean) =>
      (await queueModule()).queueOf(me).add(visit, files, fromCamera),
    [me, visit],
  )
  /** Waits until these lie in the outbox: what names them may follow. */
  const declared = useCallback(async (ids: readonly string[]) => (await queueModule()).queueOf(me).declared(ids), [me])
  return { photos, add, declared }
}

/** Keeps a drawn signature or a recording for a visit: `const keep = useKeepFile(); await keep(visit, blob, 'audio')`. */
export function useKeepFile() {
  const me = useMe()
  return useCallback(
    async (visit: { id: string }, blob: Blob, kind: 'signature' | 'audio') =>
      (await queueModule()).queueOf(me).addFile(visit.id, blob, kind),
    [me],
  )
}

/** Takes up, a moment after the start, what an earlier page left behind. */
export function useResumePhotos(): void {
  const me = useMe()
  useEffect(() => {
    const timer = setTimeout(() => void queueModule().then((m) => m.queueOf(me)), 1_500)
    return () => clearTimeout(timer)
  }, [me])
}
