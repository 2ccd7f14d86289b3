import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { newId } from '../../common/api/call'
import { asApiError, readProblem } from '../../common/api/problem'
import { useMe } from '../../common/session'
import { act } from '../act'

// A photo is hashed, kept in the browser's database, declared (a small command that says: this exists), then its bytes
// follow. A reload, a dead battery or a tunnel in between loses nothing: what is not yet stored goes on at the next start.

export type PhotoState = 'hashing' | 'declaring' | 'waiting' | 'uploading' | 'failed' | 'refused'
type Kept = {
  id: string
  me: string
  visitId: string
  blob: Blob
  sha256: string
  takenAt: string
  declared: boolean
}
export type LocalPhoto = {
  id: string
  visitId: string
  url: string
  state: PhotoState
  /** 0..1 of the bytes, while uploading. */
  progress: number
  problem?: string
}

let shown: LocalPhoto[] = []
const kept = new Map<string, Kept>()
const busy = new Set<string>()
const listeners = new Set<() => void>()
const storedListeners = new Set<(visitId: string) => void>()

function show(next: LocalPhoto[]) {
  shown = next
  for (const tell of listeners) tell()
}
const change = (id: string, part: Partial<LocalPhoto>) => show(shown.map((p) => (p.id === id ? { ...p, ...part } : p)))

let opening: Promise<IDBDatabase | undefined> | undefined
/** Undefined where the browser forbids databases (private windows): photos then live as long as the page. */
function database(): Promise<IDBDatabase | undefined> {
  opening ??= new Promise((done) => {
    if (typeof indexedDB === 'undefined') return done(undefined)
    const request = indexedDB.open('zc.photos', 1)
    request.onupgradeneeded = () => request.result.createObjectStore('photos', { keyPath: 'id' })
    request.onsuccess = () => done(request.result)
    request.onerror = () => done(undefined)
  })
  return opening
}
async function inStore<T>(
  mode: IDBTransactionMode,
  work: (s: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  const db = await database()
  if (!db) return undefined
  return new Promise((done) => {
    try {
      const request = work(db.transaction('photos', mode).objectStore('photos'))
      request.onsuccess = () => done(request.result)
      request.onerror = () => done(undefined)
    } catch {
      done(undefined)
    }
  })
}

export async function sha256(blob: Blob): Promise<string> {
  if (!crypto.subtle) throw new Error('insecure')
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())
  return [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, '0')).join('')
}

function forget(id: string) {
  kept.delete(id)
  void inStore('readwrite', (s) => s.delete(id))
  const gone = shown.find((p) => p.id === id)
  show(shown.filter((p) => p.id !== id))
  if (gone) setTimeout(() => URL.revokeObjectURL(gone.url), 10_000)
}

/** Sends the bytes; XMLHttpRequest because fetch tells nothing of how far an upload is. */
async function send(photo: Kept, progress: (share: number) => void): Promise<void> {
  const tus = { 'tus-resumable': '1.0.0' }
  const url = `/api/uploads/${photo.id}`
  const known = await fetch(url, { method: 'HEAD', headers: tus })
  const offset = known.ok ? Number(known.headers.get('upload-offset')) : 0
  if (known.ok && offset === photo.blob.size) return
  if (!known.ok) await fetch(url, { method: 'POST', headers: { ...tus, 'upload-length': String(photo.blob.size) } })
  return new Promise((done, fail) => {
    const xhr = new XMLHttpRequest()
    xhr.open('PATCH', url)
    xhr.setRequestHeader('content-type', 'application/offset+octet-stream')
    xhr.setRequestHeader('tus-resumable', '1.0.0')
    xhr.setRequestHeader('upload-offset', String(offset))
    xhr.setRequestHeader('accept', 'application/json')
    xhr.timeout = 120_000
    xhr.upload.onprogress = (e) => e.lengthComputable && progress(e.loaded / e.total)
    xhr.onload = () =>
      xhr.status < 300
        ? done()
        : fail(Object.assign(new Error(), { problem: readProblem(xhr.status, xhr.responseText) }))
    xhr.onerror = () => fail(new Error('network'))
    xhr.ontimeout = () => fail(new Error('timeout'))
    xhr.send(photo.blob.slice(offset))
  })
}

/** Brings one photo as far as it gets now: declared, then stored. */
async function push(photo: Kept): Promise<void> {
  if (busy.has(photo.id)) return
  busy.add(photo.id)
  try {
    if (!photo.declared) {
      change(photo.id, { state: 'declaring', problem: undefined })
      await act(photo.me, 'evidence.declare', photo.visitId, {
        id: photo.id,
        kind: 'photo',
        sha256: photo.sha256,
        bytes: photo.blob.size,
        takenAt: photo.takenAt,
      })
      photo.declared = true
      await inStore('readwrite', (s) => s.put(photo))
    }
    change(photo.id, { state: 'uploading', progress: 0, problem: undefined })
    await send(photo, (progress) => change(photo.id, { progress }))
    for (const tell of storedListeners) tell(photo.visitId)
    forget(photo.id)
  } catch (error) {
    const refusal = (error as { problem?: { status: number; title: string } }).problem
    const e = asApiError(error)
    const status = refusal?.status ?? e.status
    // A refusal stays a refusal; anything else is tried again when the network is back.
    if (status >= 400 && status < 500 && status !== 401 && status !== 429)
      change(photo.id, { state: 'refused', problem: refusal?.title ?? e.title })
    else change(photo.id, { state: photo.declared ? 'waiting' : 'failed', problem: refusal?.title ?? e.title })
  } finally {
    busy.delete(photo.id)
  }
}

let queue: Promise<void> = Promise.resolve()
/** One upload at a time: three on a weak line are three that fail. */
const later = (photo: Kept) => {
  queue = queue.then(() => push(photo))
  return queue
}

export const retryPhoto = (id: string) => {
  const photo = kept.get(id)
  if (photo) void later(photo)
}
export const dropPhoto = (id: string) => forget(id)

let resumedFor: string | undefined
/** Takes up what an earlier page left behind. Once a person and page; again when the network returns. */
export async function resumePhotos(me: string): Promise<void> {
  if (resumedFor !== me) {
    resumedFor = me
    const rows = ((await inStore('readonly', (s) => s.getAll())) ?? []) as Kept[]
    for (const photo of rows.filter((p) => p.me === me && !kept.has(p.id))) {
      kept.set(photo.id, photo)
      show([
        ...shown,
        {
          id: photo.id,
          visitId: photo.visitId,
          url: URL.createObjectURL(photo.blob),
          state: photo.declared ? 'waiting' : 'failed',
          progress: 0,
        },
      ])
    }
  }
  for (const photo of kept.values())
    if (photo.me === me && shown.some((p) => p.id === photo.id && (p.state === 'waiting' || p.state === 'failed')))
      void later(photo)
}

/** Adds photos to a visit; answers their ids when each is declared (or has failed to be: then it is not among them). */
async function addPhotos(me: string, visitId: string, files: Iterable<File>): Promise<string[]> {
  const made: string[] = []
  for (const file of files) {
    const id = newId()
    show([...shown, { id, visitId, url: URL.createObjectURL(file), state: 'hashing', progress: 0 }])
    let hash: string
    try {
      hash = await sha256(file)
    } catch {
      change(id, { state: 'refused', problem: 'https' })
      continue
    }
    const photo: Kept = {
      id,
      me,
      visitId,
      blob: file,
      sha256: hash,
      takenAt: new Date(Math.min(Date.now(), file.lastModified || Date.now())).toISOString(),
      declared: false,
    }
    kept.set(id, photo)
    await inStore('readwrite', (s) => s.put(photo))
    void later(photo)
    made.push(id)
  }
  return made
}

/** Whether this phone has told the server of a photo (or does not know it any more, because it is stored). */
export async function declaredPhotos(ids: readonly string[]): Promise<string[]> {
  await queue
  return ids.filter((id) => kept.get(id)?.declared ?? !shown.some((p) => p.id === id))
}

const subscribe = (tell: () => void) => {
  listeners.add(tell)
  return () => listeners.delete(tell)
}

/** Photos of a visit that are still on this phone, and the way to add more. */
export function usePhotos(visitId: string) {
  const me = useMe().id
  const client = useQueryClient()
  const all = useSyncExternalStore(subscribe, () => shown)
  useEffect(() => {
    void resumePhotos(me)
    const again = () => void resumePhotos(me)
    window.addEventListener('online', again)
    const timer = setInterval(again, 30_000)
    const tell = (id: string) =>
      void client.invalidateQueries({ queryKey: ['GET /api/visits/:id', { params: { id } }] })
    storedListeners.add(tell)
    return () => {
      window.removeEventListener('online', again)
      clearInterval(timer)
      storedListeners.delete(tell)
    }
  }, [me, client])
  const photos = useMemo(() => all.filter((p) => p.visitId === visitId), [all, visitId])
  return { photos, add: (files: Iterable<File>) => addPhotos(me, visitId, files) }
}
