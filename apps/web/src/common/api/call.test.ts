import { afterEach, describe, expect, it, vi } from 'vitest'
import { setLanguage } from '../i18n/language'
import { address, call, onSignedOut } from './call'
import { ApiError, readProblem } from './problem'
import { concerns } from './query'

const respond = (...answers: (Response | Error)[]) => {
  const seen: { url: string; init: RequestInit }[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    seen.push({ url, init })
    const answer = answers[Math.min(seen.length, answers.length) - 1] as Response | Error
    if (answer instanceof Error) throw answer
    return answer.clone()
  })
  return seen
}
const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })
const header = (init: RequestInit, name: string) => (init.headers as Record<string, string>)[name]

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
  setLanguage('zh-CN')
})

describe('an address', () => {
  it('is filled from params and query; a list repeats its key, what is undefined is left out', () => {
    expect(
      address('GET /api/orders/:id/log', {
        params: { id: 'a/b' },
        query: { state: ['new', 'draft'], q: '医院', after: undefined },
      }),
    ).toEqual({
      method: 'GET',
      url: '/api/orders/a%2Fb/log?state=new&state=draft&q=%E5%8C%BB%E9%99%A2',
    })
  })
  it('without a parameter is our own mistake, and says which', () => {
    expect(() => address('GET /api/people/:id', {})).toThrow('id')
  })
})

describe('a call', () => {
  it('asks in the reader’s language and brings back the answer', async () => {
    setLanguage('en-US')
    const seen = respond(json(200, { teams: [] }))
    expect(await call('GET /api/teams')).toEqual({ teams: [] })
    expect(header(seen[0]?.init as RequestInit, 'accept-language')).toBe('en-US')
    expect(header(seen[0]?.init as RequestInit, 'idempotency-key')).toBeUndefined()
  })
  it('that changes something repeats after a network failure under the same key, so it is done once', async () => {
    vi.useFakeTimers()
    const seen = respond(
      new TypeError('fetch failed'),
      json(503, { code: 'busy_retry', title: '忙' }),
      json(200, { ok: true }),
    )
    const done = call('POST /api/session/locale', { body: { locale: 'zh-CN' } })
    await vi.runAllTimersAsync()
    await done
    const keys = seen.map((s) => header(s.init, 'idempotency-key'))
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
    expect(keys[0]).toMatch(/^[0-9a-f-]{14}7/)
  })
  it('carries the revision that the person was looking at', async () => {
    const seen = respond(json(200, {}))
    await call('PATCH /api/people/:id', { params: { id: 'x' }, body: {}, baseRev: 4, commandId: 'c1' })
    expect(header(seen[0]?.init as RequestInit, 'if-match')).toBe('"4"')
    expect(header(seen[0]?.init as RequestInit, 'idempotency-key')).toBe('c1')
  })
  it('refused is an ApiError with code, cause, action and params, and is not repeated', async () => {
    const seen = respond(
      json(409, {
        code: 'changed_meanwhile',
        status: 409,
        title: '李娜 在 14:30 改过这条记录',
        action: '请查看最新内容',
        params: { by: '李娜' },
      }),
    )
    const error = await call('GET /api/teams').catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({
      code: 'changed_meanwhile',
      status: 409,
      action: '请查看最新内容',
      params: { by: '李娜' },
    })
    expect(seen).toHaveLength(1)
  })
  it('without network says so in words, after its repeats', async () => {
    vi.useFakeTimers()
    respond(new TypeError('fetch failed'))
    const failing = call('GET /api/teams').catch((e: unknown) => e)
    await vi.runAllTimersAsync()
    expect(await failing).toMatchObject({ code: 'network', title: '没有连上服务器', retryable: true })
  })
  it('answered 401 tells the session; a wrong password does not', async () => {
    const told = vi.fn()
    const stop = onSignedOut(told)
    respond(json(401, { code: 'signed_out', title: '登录已失效' }))
    await call('GET /api/teams').catch(() => {})
    await call('POST /api/session', { body: { userName: 'a', password: 'b' } }).catch(() => {})
    stop()
    expect(told).toHaveBeenCalledTimes(1)
  })
})

describe('a problem', () => {
  it('that is a proxy’s page still reads as a sentence', () => {
    expect(readProblem(502, '<html>Bad gateway</html>', 'zh-CN')).toMatchObject({
      code: 'unreadable',
      status: 502,
      title: '服务器的回答无法识别（502）',
    })
  })
})

describe('a live event', () => {
  it('concerns the queries that watch its kind or its very instance', () => {
    const event = { aggregate: 'order', aggregateId: 'o1' }
    expect(concerns(['order'], event)).toBe(true)
    expect(concerns([{ aggregate: 'order', id: 'o1' }], event)).toBe(true)
    expect(concerns([{ aggregate: 'order', id: 'o2' }, 'visit'], event)).toBe(false)
    expect(concerns(undefined, event)).toBe(false)
  })
})
