// What this phone can prove: a key pair that cannot leave it (the browser signs with it and never shows it), and one-time
// numbers fetched ahead, so that a check-in in a basement is as good as one in the open.

import { checkInMessage } from '#lifecycle/proof'
import { call, newId } from '../../common/api/call'
import type { BodyOf } from '../../offline'
import { deviceId } from '../../offline'

type Nonce = { id: string; me: string; expiresAt: number }
type Key = { id: 'device'; pair: CryptoKeyPair; registeredFor: string | null }

let opening: Promise<IDBDatabase | undefined> | undefined
/** Undefined where the browser forbids databases (private windows): then the phone proves nothing, and says so. */
function database(): Promise<IDBDatabase | undefined> {
  opening ??= new Promise((done) => {
    if (typeof indexedDB === 'undefined') return done(undefined)
    const request = indexedDB.open('zc.proof', 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('keys', { keyPath: 'id' })
      request.result.createObjectStore('nonces', { keyPath: 'id' })
    }
    request.onsuccess = () => done(request.result)
    request.onerror = () => done(undefined)
  })
  return opening
}

async function within<T>(
  store: 'keys' | 'nonces',
  mode: IDBTransactionMode,
  work: (s: IDBObjectStore, done: (value: T | undefined) => void) => void,
): Promise<T | undefined> {
  const db = await database()
  if (!db) return undefined
  return new Promise((resolve) => {
    let value: T | undefined
    try {
      const tx = db.transaction(store, mode)
      tx.oncomplete = () => resolve(value)
      tx.onerror = () => resolve(undefined)
      tx.onabort = () => resolve(undefined)
      work(tx.objectStore(store), (v) => {
        value = v
      })
    } catch {
      resolve(undefined)
    }
  })
}
const read = <T>(store: 'keys' | 'nonces', ask: (s: IDBObjectStore) => IDBRequest<T>) =>
  within<T>(store, 'readonly', (s, done) => {
    const request = ask(s)
    request.onsuccess = () => done(request.result)
  })

/** The device's key pair; made once. Undefined on pages without https, which have no cryptography. */
async function deviceKey(): Promise<Key | undefined> {
  if (!globalThis.crypto?.subtle) return undefined
  const kept = await read<Key | undefined>('keys', (s) => s.get('device'))
  if (kept) return kept
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
  // Two tabs at the first start: the first one's key stays.
  return within<Key>('keys', 'readwrite', (s, done) => {
    const before = s.get('device') as IDBRequest<Key | undefined>
    before.onsuccess = () => {
      const key = before.result ?? { id: 'device' as const, pair, registeredFor: null }
      if (!before.result) s.put(key)
      done(key)
    }
  })
}

/** The browser and system in a few words, for people who look at a list of phones. */
function labelOf(): string {
  const ua = navigator.userAgent
  const model = /\((?:[^;)]*; )?(?:Android [\d.]+; )([^;)]+)/.exec(ua)?.[1]?.replace(/ Build.*/, '')
  const system = /iPhone/.test(ua)
    ? 'iPhone'
    : /iPad/.test(ua)
      ? 'iPad'
      : /Android/.test(ua)
        ? 'Android'
        : navigator.platform
  return (model && model !== 'K' ? `${model} · ${system}` : system).slice(0, 80) || '—'
}

/** Registers the key and fills up the numbers; called when there is a network. Fails quietly: it is tried again. */
export async function keepReady(me: string): Promise<void> {
  const key = await deviceKey().catch(() => undefined)
  if (key && key.registeredFor !== me) {
    const jwk = await crypto.subtle.exportKey('jwk', key.pair.publicKey)
    try {
      await call('POST /api/field/device', {
        body: {
          deviceId: deviceId(),
          publicKey: { kty: 'EC', crv: 'P-256', x: jwk.x as string, y: jwk.y as string },
          label: labelOf(),
        },
        commandId: newId(),
      })
      await within('keys', 'readwrite', (s) => s.put({ ...key, registeredFor: me }))
    } catch {
      // A colleague's phone, or no network: the check-in says what it is.
    }
  }
  const now = Date.now()
  const all = ((await read<Nonce[]>('nonces', (s) => s.getAll())) ?? []).filter((n) => n.me === me)
  const held = all.filter((n) => n.expiresAt > now)
  try {
    const answer = await call('POST /api/field/nonces', {
      body: { deviceId: deviceId(), held: held.map((n) => n.id).slice(0, 40) },
      commandId: newId(),
    })
    await within('nonces', 'readwrite', (s) => {
      for (const id of [...answer.dead, ...all.filter((n) => n.expiresAt <= now).map((n) => n.id)]) s.delete(id)
      for (const n of answer.nonces) s.put({ id: n.id, me, expiresAt: Date.parse(n.expiresAt) })
    })
  } catch {
    // Offline: what is held has to do.
  }
}

/** Takes one number out of the store: each is for one check-in, whatever becomes of it. */
const takeNonce = (me: string): Promise<string | undefined> =>
  within<string>('nonces', 'readwrite', (s, done) => {
    const all = s.getAll() as IDBRequest<Nonce[]>
    all.onsuccess = () => {
      const now = Date.now()
      const one = all.result
        .filter((n) => n.me === me && n.expiresAt > now)
        .sort((a, b) => a.expiresAt - b.expiresAt)[0]
      if (!one) return
      s.delete(one.id)
      done(one.id)
    }
  })

const base64url = (bytes: ArrayBuffer) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

type Body = BodyOf<'visit.checkIn'>

/** Signs a check-in. Never fails: without a key the signature is null and the reason says so. */
export async function prove(
  me: string,
  visitId: string,
  body: Pick<Body, 'fix' | 'code'>,
  photos: Record<string, string>,
): Promise<NonNullable<Body['proof']>> {
  const nonce = (await takeNonce(me).catch(() => undefined)) ?? null
  const at = new Date().toISOString()
  const message = checkInMessage({
    visitId,
    deviceId: deviceId(),
    nonce,
    at,
    fix: body.fix ?? null,
    code: body.code ?? null,
    photos,
  })
  const key = await deviceKey().catch(() => undefined)
  const signature = key
    ? await crypto.subtle
        .sign({ name: 'ECDSA', hash: 'SHA-256' }, key.pair.privateKey, new TextEncoder().encode(message))
        .then(base64url)
        .catch(() => null)
    : null
  return { at, nonce, photos, signature }
}

/** What the browser says of the machine. */
export function hardware() {
  const data = (navigator as { userAgentData?: { mobile?: boolean } }).userAgentData
  return {
    platform: (navigator.platform ?? '').slice(0, 60),
    mobile: data?.mobile ?? /Mobi|Android|iPhone/i.test(navigator.userAgent),
    touch: Math.min(100, navigator.maxTouchPoints ?? 0),
  }
}
