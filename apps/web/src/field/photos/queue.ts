import { evidenceCode } from '#lifecycle/code'
import { newId } from '../../common/api/call'
import { type KeptFile, personDb } from '../../offline/db'
import { offlineOf } from '../../offline/hooks'
import { lastFix } from '../visit/fix'
import { choices, mayGo, onLine } from './network'
import { sha256, UnfitPhoto } from './prepare'
import { NotSent, send } from './send'
import { prepared } from './studio'

// A photo's way from the tap to the server: kept on the phone as it was taken, hashed and made smaller, declared through
// the outbox (a small command that says: this exists), then its bytes. Whatever ends in between (the page, the browser, the
// session, the battery) the next start goes on where it was. One tab of a browser sends, one photo at a time: three on a
// weak line are three that fail.

export interface Kept extends KeptFile {
  id: string
  visitId: string
  /** A photo is made smaller and stamped; a drawn signature and a recording go as they are. */
  kind: 'photo' | 'signature' | 'audio'
  /** `captured`: as taken. `prepared`: as it will be sent. `declared`: the outbox has it. */
  state: 'captured' | 'prepared' | 'declared' | 'refused'
  /** What is to be sent; until `prepared` what the camera gave. */
  blob: Blob
  preview: Blob | null
  takenAt: string
  madeAt: number
  /** The command that declares it: one, however often it is tried. */
  commandId: string
  /** Words of its watermark. */
  lines: string[]
  fromCamera: boolean
  anyLine: boolean
  sha256?: string
  originalSha256?: string | null
  originalBytes?: number | null
  problem?: string
}

export type PhotoState = 'preparing' | 'waiting' | 'held' | 'sending' | 'done' | 'refused'
/** A photo that is (also) on this phone, as a page shows it. */
export interface LocalPhoto {
  id: string
  kind: Kept['kind']
  visitId: string
  code: string
  url: string
  takenAt: string
  bytes: number
  state: PhotoState
  /** 0..1 of the bytes, while sending. */
  progress: number
  /** Words of a refusal; `too_large`, `not_secure` and `damaged` are ours to word. */
  problem?: string
  /** This browser cannot draw it: no picture in the tile, sent as it is. */
  blind: boolean
  /** There was no room to keep it: it lives as long as the page. */
  unsaved: boolean
}

/** Where and for what a photo is taken: what its watermark says. */
export interface Scene {
  id: string
  orderNumber: string | null
  customer: { name: string }
  site: { name: string; zone: string } | null
}

export interface QueueStatus {
  /** Not yet at the server. */
  waiting: number
  bytes: number
  /** Those that wait for Wi-Fi, or for a word. */
  held: number
  refused: number
  signedOut: boolean
  /** No room on the phone for new photos. */
  full: boolean
}

type Word = { kind: 'changed'; id: string } | { kind: 'progress'; id: string; progress: number } | { kind: 'kick' }

const RETRY_MS = 30_000
const MOST_MS = 120_000
const DONE_SHOWN_MS = 60_000
const isFull = (e: unknown) =>
  (e as Error)?.name === 'QuotaExceededError' || (e as { inner?: Error })?.inner?.name === 'QuotaExceededError'

function wordsOf(scene: Scene, me: { name: string; zone: string }, at: Date): string[] {
  const zone = scene.site?.zone ?? me.zone
  const part = (o: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('zh-CN', { timeZone: zone, ...o }).format(at)
  const date = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at)
  const time = part({ hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false })
  const joined = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join(' · ')
  return [
    `${date} ${part({ weekday: 'short' })} ${time}`,
    joined(scene.customer.name, scene.site?.name),
    joined(scene.orderNumber, me.name),
  ].filter(Boolean)
}

export class PhotoQueue {
  readonly #rows = new Map<string, Kept>()
  #shown: LocalPhoto[] = []
  #status: QueueStatus = { waiting: 0, bytes: 0, held: 0, refused: 0, signedOut: false, full: false }
  readonly #urls = new Map<string, string>()
  readonly #progress = new Map<string, number>()
  readonly #unsaved = new Set<string>()
  /** Taken on this page, and nothing of it sent yet. */
  readonly #fresh = new Set<string>()
  readonly #preparing = new Map<string, Promise<void>>()
  readonly #listeners = new Set<() => void>()
  readonly #channel: BroadcastChannel | null
  readonly #stops: (() => void)[] = []
  readonly #end = new AbortController()
  #sending: { id: string; stop: AbortController } | undefined
  #sendingAll = false
  #preparingAll = false
  readonly #stuck = new Set<string>()
  #again = false
  #failures = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(readonly me: { id: string; name: string; zone: string }) {
    this.#channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`zc.photos.${me.id}`)
    if (this.#channel) this.#channel.onmessage = (e: MessageEvent<Word>) => void this.#heard(e.data)
    const kick = () => {
      if (this.#sending && !mayGo(this.#rows.get(this.#sending.id) ?? { anyLine: false })) this.#sending.stop.abort()
      this.#failures = 0
      this.kick()
    }
    this.#stops.push(onLine(kick))
    const seen = () => document.visibilityState === 'visible' && kick()
    document.addEventListener('visibilitychange', seen)
    this.#stops.push(() => document.removeEventListener('visibilitychange', seen))
    // A declaration was taken, a person signed in again: the outbox knows first.
    void offlineOf(me).then((o) => {
      if (this.#end.signal.aborted) return
      this.#stops.push(o.subscribe(() => this.#waitsForOutbox && this.kick()))
    })
    void this.#load().then(() => this.kick())
  }

  close(): void {
    this.#end.abort()
    this.#sending?.stop.abort()
    clearTimeout(this.#timer)
    for (const stop of this.#stops) stop()
    this.#channel?.close()
    for (const url of this.#urls.values()) URL.revokeObjectURL(url)
  }

  subscribe = (tell: () => void): (() => void) => {
    this.#listeners.add(tell)
    return () => this.#listeners.delete(tell)
  }
  photos = (): readonly LocalPhoto[] => this.#shown
  status = (): QueueStatus => this.#status

  // ── what people do ───────────────────────────────────────────────────────────────────────────────────────────────

  /** Keeps photos for a visit; answers their ids as soon as they are on the phone. */
  async add(scene: Scene, files: Iterable<File>, fromCamera: boolean): Promise<string[]> {
    const ids: string[] = []
    for (const file of files) {
      const now = Date.now()
      const at = new Date(fromCamera ? now : Math.min(now, file.lastModified || now))
      const photo: Kept = {
        id: newId(),
        visitId: scene.id,
        kind: 'photo',
        state: 'captured',
        blob: file,
        preview: null,
        takenAt: at.toISOString(),
        madeAt: now,
        commandId: newId(),
        lines: wordsOf(scene, this.me, at),
        fromCamera,
        anyLine: false,
      }
      await this.#keep(photo)
      this.#fresh.add(photo.id)
      ids.push(photo.id)
    }
    this.kick()
    return ids
  }

  /** Keeps a signature or a recording for a visit, as it is; answers its id as soon as it is on the phone. */
  async addFile(visitId: string, blob: Blob, kind: 'signature' | 'audio'): Promise<string> {
    const now = Date.now()
    const id = newId()
    await this.#keep({
      id,
      visitId,
      kind,
      state: 'prepared',
      blob,
      preview: kind === 'signature' ? blob : null,
      takenAt: new Date(now).toISOString(),
      madeAt: now,
      commandId: newId(),
      lines: [],
      fromCamera: false,
      // Small, and somebody waits for it: Wi-Fi is for pictures.
      anyLine: true,
      sha256: await sha256(blob),
    })
    this.#fresh.add(id)
    this.kick()
    return id
  }

  /** Waits until each of these has been prepared and lies in the outbox; those that never will are left out. */
  async declared(ids: readonly string[]): Promise<{ photoIds: string[]; commandIds: string[] }> {
    await Promise.all(ids.map((id) => this.#prepare(id)))
    const photoIds = ids.filter((id) => this.#rows.get(id)?.state !== 'refused')
    return { photoIds, commandIds: photoIds.flatMap((id) => this.#rows.get(id)?.commandId ?? []) }
  }

  /** Sends what waits for Wi-Fi now, by whatever line there is. */
  async letGo(ids?: readonly string[]): Promise<void> {
    for (const row of [...this.#rows.values()])
      if (!ids || ids.includes(row.id)) await this.#keep({ ...row, anyLine: true })
    this.retry()
  }

  retry(): void {
    this.#failures = 0
    this.kick()
    this.#say({ kind: 'kick' })
  }

  /** Takes a photo that cannot go away from this phone. */
  async drop(id: string): Promise<void> {
    if (this.#rows.get(id)?.state !== 'refused') return
    await this.#forget(id)
  }

  /** Choices about the line were changed. */
  lineChanged(): void {
    if (this.#sending && !mayGo(this.#rows.get(this.#sending.id) ?? { anyLine: false })) this.#sending.stop.abort()
    this.#show()
    this.retry()
  }

  // ── keeping ──────────────────────────────────────────────────────────────────────────────────────────────────────

  async #load(): Promise<void> {
    const rows = (await personDb(this.me.id)
      .files.toArray()
      .catch(() => [])) as Kept[]
    // What was taken in the meantime is newer than what was read.
    for (const row of rows)
      if (['photo', 'signature', 'audio'].includes(row.kind) && !this.#rows.has(row.id)) this.#rows.set(row.id, row)
    this.#show()
  }

  #saving: Promise<unknown> = Promise.resolve()

  /** One at a time: a phone's database chokes on twenty photos at once. */
  #keep(row: Kept): Promise<void> {
    this.#rows.set(row.id, row)
    const turn = this.#saving.then(() => this.#save(row.id))
    this.#saving = turn
    return turn
  }

  async #save(id: string): Promise<void> {
    const row = this.#rows.get(id)
    if (!row) return
    try {
      const { files } = personDb(this.me.id)
      await files.put(row)
      // From here on the database's own copy: some phones clear the camera's file away, and what was drawn need not
      // stay in memory.
      const kept = (await files.get(id)) as Kept | undefined
      if (kept && this.#rows.get(id) === row) this.#rows.set(id, kept)
      this.#unsaved.delete(id)
      if (this.#status.full) this.#status = { ...this.#status, full: false }
    } catch (error) {
      // It still goes to the server while this page is open, and the page says so.
      this.#unsaved.add(id)
      if (isFull(error)) this.#status = { ...this.#status, full: true }
      else console.warn(`photo not kept: ${(error as Error).name}: ${(error as Error).message}`)
    }
    this.#show()
    this.#say({ kind: 'changed', id })
  }

  async #forget(id: string): Promise<void> {
    this.#rows.delete(id)
    this.#unsaved.delete(id)
    this.#progress.delete(id)
    await personDb(this.me.id)
      .files.delete(id)
      .catch(() => {})
    this.#show()
    this.#say({ kind: 'changed', id })
  }

  #say(word: Word) {
    this.#channel?.postMessage(word)
  }

  async #heard(word: Word): Promise<void> {
    if (word.kind === 'kick') return this.kick()
    if (word.kind === 'progress') this.#progress.set(word.id, word.progress)
    else {
      const row = (await personDb(this.me.id)
        .files.get(word.id)
        .catch(() => undefined)) as Kept | undefined
      if (row) this.#rows.set(row.id, row)
      else if (!this.#unsaved.has(word.id)) this.#finish(word.id)
      this.#progress.delete(word.id)
    }
    this.#show()
    if (word.kind === 'changed') this.kick()
  }

  /** Gone from the queue, shown for a moment longer: the visit's own row learns of it a second later. */
  #finish(id: string) {
    const row = this.#rows.get(id)
    this.#rows.delete(id)
    if (!row || row.state === 'refused') return
    this.#done.set(id, row)
    setTimeout(() => {
      this.#done.delete(id)
      this.#show()
    }, DONE_SHOWN_MS)
  }
  readonly #done = new Map<string, Kept>()

  #urlOf(row: Kept): string {
    const key = `${row.id}${row.preview ? '+' : ''}`
    const known = this.#urls.get(key)
    if (known) return known
    const made = URL.createObjectURL(row.preview ?? row.blob)
    this.#urls.set(key, made)
    return made
  }

  #show() {
    const local = (row: Kept, state: PhotoState): LocalPhoto => ({
      id: row.id,
      kind: row.kind,
      visitId: row.visitId,
      code: evidenceCode(row.id),
      url: this.#urlOf(row),
      takenAt: row.takenAt,
      bytes: row.blob.size,
      state,
      progress: this.#progress.get(row.id) ?? 0,
      ...(row.problem ? { problem: row.problem } : {}),
      blind: row.preview === null && row.state !== 'captured',
      unsaved: this.#unsaved.has(row.id),
    })
    const stateOf = (row: Kept): PhotoState =>
      row.state === 'refused'
        ? 'refused'
        : this.#progress.has(row.id)
          ? 'sending'
          : row.state === 'captured'
            ? 'preparing'
            : choices.wifiOnly() && navigator.onLine && !mayGo(row)
              ? 'held'
              : 'waiting'
    const rows = this.#inOrder()
    this.#shown = [...[...this.#done.values()].map((r) => local(r, 'done')), ...rows.map((r) => local(r, stateOf(r)))]
    const open = this.#shown.filter((p) => p.state !== 'done' && p.state !== 'refused')
    this.#status = {
      ...this.#status,
      waiting: open.length,
      bytes: open.reduce((sum, p) => sum + p.bytes, 0),
      held: open.filter((p) => p.state === 'held').length,
      refused: this.#shown.filter((p) => p.state === 'refused').length,
    }
    const live = new Set(this.#shown.map((p) => p.url))
    for (const [key, url] of this.#urls)
      if (!live.has(url)) {
        this.#urls.delete(key)
        // A picture may be on its way to the screen still.
        setTimeout(() => URL.revokeObjectURL(url), 10_000)
      }
    for (const tell of this.#listeners) tell()
  }

  // ── from captured to declared ────────────────────────────────────────────────────────────────────────────────────

  #prepare(id: string): Promise<void> {
    const running = this.#preparing.get(id)
    if (running) return running
    const work = this.#alone(`zc.photo.${id}`, () => this.#prepareNow(id)).finally(() => this.#preparing.delete(id))
    this.#preparing.set(id, work)
    return work
  }

  /** Two tabs that find the same photo: the second waits, and then finds it done. */
  #alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    return navigator.locks ? (navigator.locks.request(name, work) as Promise<T>) : work()
  }

  async #prepareNow(id: string): Promise<void> {
    const saved = (await personDb(this.me.id)
      .files.get(id)
      .catch(() => undefined)) as Kept | undefined
    let row = saved ?? this.#rows.get(id)
    if (!row) return
    if (row.state === 'captured') {
      const fix = row.fromCamera && Date.now() - row.madeAt < 60_000 ? lastFix() : undefined
      try {
        const p = await prepared(row.blob, {
          asTaken: choices.asTaken(),
          lines: row.lines,
          code: `${evidenceCode(id).slice(0, 4)} ${evidenceCode(id).slice(4)}`,
        })
        const takenFix = await fix
        row = { ...row, ...p, state: 'prepared', ...(takenFix ? { takenFix } : {}) }
      } catch (error) {
        row = { ...row, state: 'refused', problem: error instanceof UnfitPhoto ? error.why : 'damaged' }
      }
      await this.#keep(row)
    }
    if (row.state !== 'prepared') return
    const offline = await offlineOf(this.me)
    await offline.act(
      'evidence.declare',
      row.visitId,
      {
        id: row.id,
        kind: row.kind,
        sha256: row.sha256 as string,
        bytes: row.blob.size,
        takenAt: row.takenAt,
        ...(row.takenFix ? { takenFix: row.takenFix as never } : {}),
        ...(row.originalSha256
          ? { originalSha256: row.originalSha256, originalBytes: row.originalBytes as number }
          : {}),
      },
      { commandId: row.commandId },
    )
    await this.#keep({ ...row, state: 'declared' })
  }

  // ── from declared to stored ──────────────────────────────────────────────────────────────────────────────────────

  #waitsForOutbox = false

  /** There may be something to do: photos are drawn and declared on the one hand, sent on the other. */
  kick(): void {
    if (this.#end.signal.aborted) return
    void this.#prepareAll()
    if (this.#sendingAll) {
      this.#again = true
      return
    }
    this.#sendingAll = true
    clearTimeout(this.#timer)
    void this.#lead()
      .catch(() => 'later' as const)
      .then((how) => {
        this.#sendingAll = false
        if (this.#end.signal.aborted) return
        if (this.#again && how === 'done') {
          this.#again = false
          return this.kick()
        }
        this.#again = false
        if (this.#rows.size === 0) return
        const wait = how === 'later' ? Math.min(MOST_MS, 2_000 * 2 ** Math.min(this.#failures, 6)) : RETRY_MS
        // Spread, or a whole company comes back in the same second.
        this.#timer = setTimeout(() => this.kick(), wait * (0.75 + Math.random() / 2))
      })
  }

  async #prepareAll(): Promise<void> {
    if (this.#preparingAll) return
    this.#preparingAll = true
    try {
      // What found no room before may find it now.
      for (const id of [...this.#unsaved]) await this.#save(id)
      for (;;) {
        const row = this.#inOrder().find(
          (r) => (r.state === 'captured' || r.state === 'prepared') && !this.#stuck.has(r.id),
        )
        if (!row || this.#end.signal.aborted) return
        await this.#prepare(row.id).catch(() => this.#stuck.add(row.id))
        this.kick()
      }
    } finally {
      this.#preparingAll = false
      // Tried again with the next reason to try anything.
      this.#stuck.clear()
    }
  }

  #inOrder = () => [...this.#rows.values()].sort((a, b) => a.madeAt - b.madeAt)

  /** Sends if no other tab of this browser does. */
  async #lead(): Promise<'done' | 'later'> {
    if (!navigator.locks) return this.#sendAll()
    return navigator.locks.request(`zc.photos.${this.me.id}`, { ifAvailable: true }, async (lock) =>
      lock ? this.#sendAll() : 'done',
    ) as Promise<'done' | 'later'>
  }

  async #sendAll(): Promise<'done' | 'later'> {
    this.#waitsForOutbox = false
    const offline = await offlineOf(this.me)
    const tried = new Set<string>()
    for (;;) {
      const row = this.#inOrder().find((r) => r.state === 'declared' && !tried.has(r.id) && mayGo(r))
      if (!row || this.#end.signal.aborted) return 'done'
      tried.add(row.id)
      const outcome = offline.outcome(row.commandId)
      if (outcome && (outcome.state === 'waiting' || outcome.state === 'sending')) {
        this.#waitsForOutbox = true
        continue
      }
      if (outcome?.state === 'refused') {
        await this.#keep({ ...row, state: 'refused', problem: outcome.problem?.title ?? 'damaged' })
        continue
      }
      if (!(await this.#sendOne(row))) return 'later'
    }
  }

  /** Whether the queue may go on with the next. */
  async #sendOne(row: Kept): Promise<boolean> {
    const stop = new AbortController()
    this.#sending = { id: row.id, stop }
    let told = 0
    const progress = (share: number) => {
      this.#progress.set(row.id, share)
      if (Date.now() - told < 250) return
      told = Date.now()
      this.#show()
      this.#say({ kind: 'progress', id: row.id, progress: share })
    }
    progress(0)
    try {
      const fresh = this.#fresh.delete(row.id)
      await send(row.id, row.blob, fresh, progress, stop.signal)
      this.#failures = 0
      this.#signedOut(false)
      this.#finish(row.id)
      await this.#forget(row.id)
      return true
    } catch (error) {
      const e = error instanceof NotSent ? error : new NotSent('server')
      this.#signedOut(e.why === 'signed_out')
      if (e.why === 'stopped') return true
      if (e.why === 'refused') return await this.#refused(row, e)
      this.#failures++
      return false
    } finally {
      this.#progress.delete(row.id)
      this.#sending = undefined
      this.#show()
    }
  }

  async #refused(row: Kept, e: NotSent): Promise<boolean> {
    // Bytes that changed on the way are sent again; bytes that changed on the phone are lost, and it says so.
    if (e.refusal?.code === 'file_hash_mismatch') {
      const now = await sha256(row.blob).catch(() => '')
      if (now === row.sha256) {
        this.#failures++
        return false
      }
      await this.#keep({ ...row, state: 'refused', problem: 'damaged' })
      return true
    }
    await this.#keep({ ...row, state: 'refused', problem: e.refusal?.title ?? 'damaged' })
    return true
  }

  #signedOut(out: boolean) {
    if (this.#status.signedOut !== out) this.#status = { ...this.#status, signedOut: out }
  }
}

let open: PhotoQueue | undefined
/** The queue of the person signed in; another person's is closed by it. */
export function queueOf(me: { id: string; name: string; zone: string }): PhotoQueue {
  if (open?.me.id === me.id) {
    // Somebody asks again after the sign-in: no waiting for the next try.
    if (open.status().signedOut) open.retry()
    return open
  }
  open?.close()
  open = new PhotoQueue(me)
  return open
}
