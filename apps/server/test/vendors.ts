// The other ends of the channels, each keeping the contract that its vendor documents: signatures are checked, limits
// are kept, error codes are the vendor's own. A real mail server and a real push receiver, which decrypts.

import { createDecipheriv, createECDH, createHmac, createPublicKey, randomBytes, verify } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { SMTPServer } from 'smtp-server'

export interface Hook<T> {
  url: string
  received: T[]
  /** What the next calls meet instead: a status, silence, a connection that breaks after the message was taken. */
  next: (number | 'hang' | 'cut')[]
  close(): Promise<void>
}

type Answer = { status?: number; headers?: Record<string, string>; body: unknown }

async function hook<T>(
  path: string,
  take: (request: IncomingMessage, body: Buffer, received: T[]) => Answer,
): Promise<Hook<T>> {
  const received: T[] = []
  const next: Hook<T>['next'] = []
  const server: Server = createServer((request, reply) => {
    const parts: Buffer[] = []
    request.on('data', (p) => parts.push(p))
    request.on('end', () => {
      const fate = next.shift()
      if (fate === 'hang') return
      if (typeof fate === 'number') return void reply.writeHead(fate, { 'retry-after': '120' }).end('{}')
      const answer = take(request, Buffer.concat(parts), received)
      if (fate === 'cut') return void request.socket.destroy()
      reply.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
      reply.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}${path}`,
    received,
    next,
    close: () => {
      server.closeAllConnections()
      return new Promise((done) => server.close(() => done()))
    },
  }
}

/** Counts the last minute by the vendor's own clock, which is the test's. */
function limiter(perMin: number, now: () => Date) {
  const at: number[] = []
  return () => {
    const t = now().getTime()
    while (at.length > 0 && (at[0] as number) <= t - 60_000) at.shift()
    if (at.length >= perMin) return false
    at.push(t)
    return true
  }
}

const bad = (s: string) => ({ body: s })

/** 钉钉自定义机器人, with 加签. */
export function dingtalkGroup(now: () => Date, secret = 'SECfake') {
  const may = limiter(20, now)
  return hook<
    Record<string, never> & { msgtype: string; actionCard: { title: string; text: string; singleURL: string } }
  >('/robot/send?access_token=abc', (request, body, received) => {
    const url = new URL(request.url as string, 'http://x')
    if (url.searchParams.get('access_token') !== 'abc')
      return { body: { errcode: 300005, errmsg: 'token is not exist' } }
    const timestamp = url.searchParams.get('timestamp') ?? ''
    const expected = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
    if (Math.abs(Number(timestamp) - now().getTime()) > 3_600_000)
      return { body: { errcode: 310000, errmsg: 'invalid timestamp' } }
    if (url.searchParams.get('sign') !== expected) return { body: { errcode: 310000, errmsg: 'sign not match' } }
    if (!may()) return { body: { errcode: 130101, errmsg: 'send too fast, exceed 20 times per minute' } }
    const message = JSON.parse(body.toString())
    if (!message[message.msgtype]) return { body: { errcode: 400004, errmsg: 'msgtype mismatch' } }
    received.push(message)
    return { body: { errcode: 0, errmsg: 'ok' } }
  })
}

/** 飞书自定义机器人, with 签名校验: the key is "timestamp\nsecret", what is signed is nothing. */
export function feishuGroup(now: () => Date, secret = 'feishu-secret') {
  return hook<{ msg_type: string; card: { header: { title: { content: string } } } }>(
    '/open-apis/bot/v2/hook/token',
    (_, body, received) => {
      if (body.length > 20_480) return bad('{"code":9499,"msg":"Bad Request"}')
      const message = JSON.parse(body.toString())
      const expected = createHmac('sha256', `${message.timestamp}\n${secret}`).digest('base64')
      if (message.sign !== expected || Math.abs(Number(message.timestamp) - now().getTime() / 1000) > 3600)
        return { body: { code: 19021, msg: 'sign match fail or timestamp is not within one hour from current time' } }
      received.push(message)
      return { body: { StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' } }
    },
  )
}

/** 企业微信群机器人. */
export function wecomGroup(now: () => Date) {
  const may = limiter(20, now)
  return hook<{ msgtype: string; markdown: { content: string } }>(
    '/cgi-bin/webhook/send?key=right',
    (request, body, received) => {
      if (new URL(request.url as string, 'http://x').searchParams.get('key') !== 'right')
        return { body: { errcode: 93000, errmsg: 'invalid webhook url' } }
      if (!may()) return { body: { errcode: 45009, errmsg: 'api freq out of limit' } }
      const message = JSON.parse(body.toString())
      if (Buffer.byteLength(message.markdown.content) > 4096)
        return { body: { errcode: 40058, errmsg: 'markdown.content exceed max length 4096' } }
      received.push(message)
      return { body: { errcode: 0, errmsg: 'ok' } }
    },
  )
}

export interface Pushed {
  payload: { title: string; body: string; url: string; tag: string }
  ttl: number
  urgency: string
  topic: string
}

const hmac = (key: Buffer, ...parts: Buffer[]) => createHmac('sha256', key).update(Buffer.concat(parts)).digest()

/**
 * A browser and its push service in one: takes the message as RFC 8030 asks, checks who sends it as RFC 8292 does, and
 * decrypts it as the device would (RFC 8291 over RFC 8188).
 */
export async function pushService(now: () => Date) {
  const device = createECDH('prime256v1')
  const p256dh = device.generateKeys()
  const auth = randomBytes(16)
  const state = { applicationServerKey: '', gone: false }
  const service = await hook<Pushed>('/push/device-1', (request, body, received) => {
    if (state.gone) return { status: 410, body: '' }
    const header = (name: string) => String(request.headers[name] ?? '')
    if (!/^\d+$/.test(header('ttl'))) return { status: 400, body: 'TTL missing' }
    const [, token = '', key = ''] = header('authorization').match(/^vapid t=([^,]+), ?k=(.+)$/) ?? []
    if (key !== state.applicationServerKey || !vapidHolds(token, key, `http://${header('host')}`, now()))
      return { status: 403, body: 'VapidPkHashMismatch' }
    if (header('content-encoding') !== 'aes128gcm' || body.length > 4096) return { status: 413, body: '' }
    received.push({
      payload: JSON.parse(decrypt(body, device, p256dh, auth).toString('utf8')),
      ttl: Number(header('ttl')),
      urgency: header('urgency'),
      topic: header('topic'),
    })
    return { status: 201, headers: { location: '/message/1' }, body: '' }
  })
  return Object.assign(service, {
    state,
    keys: { p256dh: p256dh.toString('base64url'), auth: auth.toString('base64url') },
  })
}

function vapidHolds(token: string, key: string, audience: string, now: Date): boolean {
  const [head = '', claims = '', signature = ''] = token.split('.')
  const raw = Buffer.from(key, 'base64url')
  const publicKey = createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: raw.subarray(1, 33).toString('base64url'),
      y: raw.subarray(33).toString('base64url'),
    },
  })
  const right = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString())
  // The library signs by the machine's clock; a day is the longest that a token may live.
  const machine = Math.max(now.getTime(), Date.now()) / 1000
  return right && said.aud === audience && /^(mailto:|https:)/.test(said.sub) && said.exp < machine + 86_400 + 60
}

function decrypt(body: Buffer, device: ReturnType<typeof createECDH>, p256dh: Buffer, auth: Buffer): Buffer {
  const salt = body.subarray(0, 16)
  const recordSize = body.readUInt32BE(16)
  const idLength = body.readUInt8(20)
  const sender = body.subarray(21, 21 + idLength)
  const record = body.subarray(21 + idLength)
  if (record.length > recordSize) throw new Error('more than one record')
  const shared = device.computeSecret(sender)
  const ikm = hmac(hmac(auth, shared), Buffer.from('WebPush: info\0'), p256dh, sender, Buffer.from([1]))
  const prk = hmac(salt, ikm)
  const key = hmac(prk, Buffer.from('Content-Encoding: aes128gcm\0'), Buffer.from([1])).subarray(0, 16)
  const nonce = hmac(prk, Buffer.from('Content-Encoding: nonce\0'), Buffer.from([1])).subarray(0, 12)
  const decipher = createDecipheriv('aes-128-gcm', key, nonce)
  decipher.setAuthTag(record.subarray(-16))
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()])
  const end = padded.lastIndexOf(2)
  if (end < 0 || padded.subarray(end + 1).some((b) => b !== 0)) throw new Error('padding')
  return padded.subarray(0, end)
}

export interface Mail {
  from: string
  to: string[]
  raw: string
}

/** A mail server: asks for a sign-in, knows its mailboxes, can be busy. */
export async function mailServerAt(user = 'oa', password = 'pass') {
  const received: Mail[] = []
  const state = { busy: 0 }
  const server = new SMTPServer({
    authOptional: false,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: (given, _session, done) =>
      given.username === user && given.password === password
        ? done(null, { user })
        : done(Object.assign(new Error('Invalid login'), { responseCode: 535 })),
    onRcptTo: (address, _session, done) =>
      address.address.startsWith('nobody@')
        ? done(Object.assign(new Error('No such user here'), { responseCode: 550 }))
        : done(),
    onData: (stream, session, done) => {
      const parts: Buffer[] = []
      stream.on('data', (p) => parts.push(p))
      stream.on('end', () => {
        if (state.busy-- > 0) return done(Object.assign(new Error('Try again later'), { responseCode: 451 }))
        received.push({
          from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
          to: session.envelope.rcptTo.map((r) => r.address),
          raw: Buffer.concat(parts).toString('utf8'),
        })
        done()
      })
    },
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', () => ready()))
  const { port } = server.server.address() as { port: number }
  return { port, received, state, close: () => new Promise<void>((done) => server.close(() => done())) }
}
