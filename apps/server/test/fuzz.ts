import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import { abilityRoles, errorCatalogue, type RouteDef, roles, routes } from '#contracts'
import type { Corners } from './corners'
import { jsonSchema, random, sample, spoil } from './samples'
import { undoCommits } from './undo'
import type { World } from './world'

export interface Complaint {
  route: string
  who: string
  status: number
  ms: number
  why: string
  request: string
}
export interface FuzzReport {
  runs: number
  seed: number
  /** Answers by class: 2xx and 4xx; how many hundredfold of each says whether the requests reach anything. */
  answers: Record<string, number>
  slowestMs: number
  complaints: Complaint[]
}

const all = (Object.values(routes) as RouteDef[]).filter((r) => r.path !== '/api/live')
const who = [...roles, 'nobody'] as const
const limitMs = 5_000

/**
 * Sends `runs` requests that are valid, nearly valid or nonsense, as each role and as nobody, and complains about every
 * answer that is not a success or a problem with a known code. Everything is undone, constraints that wait for the
 * commit included.
 */
export async function fuzz(w: World, corners: Corners, o: { runs: number; seed: number }): Promise<FuzzReport> {
  const cookies = new Map<string, string>([['nobody', '']])
  for (const role of roles) cookies.set(role, (await w.person(role, 'all')).cookie)
  const cases = fc.sample(
    fc.record({
      route: fc.constantFrom(...all),
      who: fc.constantFrom(...who),
      n: fc.nat(),
      junk: fc.jsonValue({ maxDepth: 3 }),
      text: fc.string({ unit: 'binary', maxLength: 60 }),
    }),
    { numRuns: o.runs, seed: o.seed },
  )
  const report: FuzzReport = { runs: o.runs, seed: o.seed, answers: {}, slowestMs: 0, complaints: [] }
  const redo = undoCommits(w, { check: true })
  // The stack of a bug goes to the log, which is silent in tests: the complaint quotes it.
  const causes = new Map<string, string>()
  const { error } = w.app.log
  w.app.log.error = ((o: { err?: Error; requestId?: string }) =>
    causes.set(o.requestId ?? '', o.err?.stack?.slice(0, 600) ?? '')) as never
  let next = 0
  const worker = async () => {
    for (let c = cases[next++]; c; c = cases[next++]) {
      // Behind a shut door nothing can go wrong: most requests come from somebody who may.
      const may = (abilityRoles as Record<string, readonly string[]>)[c.route.access] ?? []
      if (c.n % 3 > 0 && may.length > 0) c.who = may[c.n % may.length] as typeof c.who
      const request = requestOf(c, corners)
      const began = performance.now()
      const answer = await Promise.race([
        w.http.inject({ ...request, headers: { ...request.headers, cookie: cookies.get(c.who) as string } } as never),
        new Promise<null>((done) => setTimeout(done, limitMs + 1_000, null).unref()),
      ])
      const ms = Math.round(performance.now() - began)
      report.slowestMs = Math.max(report.slowestMs, ms)
      const cause =
        answer && answer.statusCode >= 500 ? causes.get((answer.json() as { requestId: string }).requestId) : ''
      const why = judge(answer, ms)
      const kind = `${Math.floor((answer?.statusCode ?? 0) / 100)}xx`
      report.answers[kind] = (report.answers[kind] ?? 0) + 1
      if (why)
        report.complaints.push({
          route: `${c.route.method} ${c.route.path}`,
          who: c.who,
          status: answer?.statusCode ?? 0,
          ms,
          why: cause || why,
          request: JSON.stringify(request).slice(0, 600),
        })
    }
  }
  try {
    await Promise.all(Array.from({ length: 6 }, worker))
  } finally {
    redo()
    w.app.log.error = error
  }
  return report
}

function judge(answer: Awaited<ReturnType<World['http']['inject']>> | null, ms: number): string | null {
  if (!answer) return 'hangs'
  if (ms > limitMs) return `took ${ms} ms`
  if (answer.statusCode >= 500) return `5xx: ${answer.body.slice(0, 300)}`
  if (answer.statusCode < 400) {
    // A batch succeeds as a whole; what failed in it says so item by item.
    const failed = /"verdict":"retry".{0,400}/.exec(answer.body)?.[0]
    return failed && !failed.includes('busy_retry') ? failed : null
  }
  if (!String(answer.headers['content-type']).startsWith('application/problem+json'))
    return `not a problem: ${answer.body.slice(0, 300)}`
  const { code } = answer.json() as { code: string }
  return code in errorCatalogue ? null : `unknown code ${code}`
}

interface Case {
  route: RouteDef
  n: number
  junk: unknown
  text: string
}

function requestOf({ route, n, junk, text }: Case, corners: Corners): InjectOptions {
  const rnd = random(n)
  const corner = corners.of[rnd() < 0.8 ? 'mine' : 'far']
  const ids = { ...corner.ids, kind: 'order', sha256: 'a'.repeat(64), code: 'networking' }
  const rows = Object.values(corner.rows)
  const value = (schema: RouteDef['body']) => {
    const good = schema ? sample(jsonSchema(schema), rnd, corner.ids) : {}
    const dice = rnd()
    if (dice < 0.2) return good
    if (dice < 0.85) return spoil(good, rnd)
    return dice < 0.95 ? spoil(spoil(good, rnd), rnd) : junk
  }
  const wrong = () => {
    // A percent sign alone makes an address that cannot be decoded.
    if (rnd() < 0.05) return '%E0%A4'
    const s = spoil('x', rnd)
    return typeof s === 'string' && s !== '' ? s : `${text}x`
  }
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => {
    const dice = rnd()
    const known = (ids as Record<string, string>)[name] ?? rows[Math.floor(rnd() * rows.length)] ?? 'x'
    const value = dice < 0.8 ? known : wrong()
    return value === '%E0%A4' ? value : encode(value)
  })
  const query = route.query ? (value(route.query) as unknown) : {}
  const pairs =
    query && typeof query === 'object'
      ? Object.entries(query).map(([k, v]) => `${encode(k)}=${encode(typeof v === 'string' ? v : JSON.stringify(v))}`)
      : [encode(String(query))]
  if (rnd() < 0.1) pairs.push(`${encode(pairs[0]?.split('=')[0] ?? 'after')}=${encode(wrong())}`)
  const headers: Record<string, string> = {}
  if (rnd() < 0.1) headers['if-match'] = rnd() < 0.5 ? '"99999999999999"' : 'x'
  if (rnd() < 0.1) headers['accept-language'] = 'xx,;q=??'
  if (rnd() < 0.05) headers['idempotency-key'] = 'not-a-uuid'
  if (rnd() < 0.05) headers['last-event-id'] = '-1'
  const url = pairs.length > 0 ? `${path}?${pairs.join('&')}` : path
  const request = { method: route.method, url, headers }
  if (route.method === 'GET') return request
  if (route.raw) return { ...request, payload: Buffer.from(text), headers: { ...headers, ...mediaType(rnd) } }
  if (rnd() < 0.05) return { ...request, payload: `{"a":${text}`, headers: { ...headers, ...mediaType(rnd) } }
  const body = value(route.body)
  if (route.command && rnd() < 0.25) return batchOf(route, body, ids, rows, rnd, request)
  return {
    ...request,
    payload: body === undefined ? undefined : (json(body) as never),
    headers: { ...headers, ...asJson },
  }
}

/** The same command as a phone sends it, perhaps from long ago or from the future. */
function batchOf(
  route: RouteDef,
  body: unknown,
  ids: Record<string, string>,
  rows: string[],
  rnd: () => number,
  request: InjectOptions,
): InjectOptions {
  const params = Object.fromEntries(
    [...route.path.matchAll(/:(\w+)/g)].map(([, k]) => [k, ids[k as string] ?? rows[Math.floor(rnd() * rows.length)]]),
  )
  const item = {
    commandId: '019ab3c0-0000-7000-8000-'.concat(String(Math.floor(rnd() * 1e12)).padStart(12, '0')),
    command: route.command,
    params: rnd() < 0.1 ? spoil(params, rnd) : params,
    body,
    offline: rnd() < 0.6,
    deviceId: rnd() < 0.1 ? (spoil('d', rnd) as never) : 'phone',
    deviceSeq: Math.floor(rnd() * 1e6),
    atDevice: new Date(Date.UTC(2026, 10, 23) + (rnd() - 0.5) * (rnd() < 0.2 ? 1e13 : 1e8)).toISOString(),
    skewMs: Math.floor((rnd() - 0.5) * (rnd() < 0.2 ? 1e17 : 1e6)),
    ...(rnd() < 0.2 ? { baseRev: Math.floor(rnd() * 1e10) } : {}),
  }
  const items = rnd() < 0.1 ? spoil([item], rnd) : [item]
  return { ...request, method: 'POST', url: '/api/commands', payload: json({ items }), headers: asJson }
}

const asJson = { 'content-type': 'application/json' }
const mediaType = (rnd: () => number) => ({
  'content-type': ['application/json', 'image/jpeg', 'application/octet-stream', 'text/html'][
    Math.floor(rnd() * 4)
  ] as string,
})
// A lone surrogate has no UTF-8; JSON escapes it, a path cannot.
const encode = (s: string) => encodeURIComponent(s.slice(0, 2_000).replace(/\p{Surrogate}/gu, '\uFFFD'))
const json = (v: unknown) => JSON.stringify(v) ?? 'null'
