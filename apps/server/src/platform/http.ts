import { randomUUID } from 'node:crypto'
import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { type ErrorCode, errorCatalogue, type Parsed, type RouteDef, routes } from '#contracts'
import { fieldRoutes } from '#contracts/field.schema'
import { platformRoutes } from '#contracts/platform.schema'
import { type App, type Implemented, implement, implementRaw } from './app'
import { type Item, runBatch } from './batch'
import { runCommand } from './command'
import type { CommandMeta, Ctx } from './context'
import { sql } from './database/pool'
import { admit, toCoded } from './door'
import { CodedError, fail, type Locale, toProblem } from './errors'
import { maskUrl } from './logging'
import { inlineScripts, servePages } from './pages'
import type { Actor } from './policy'
import { firstRows, syncPhone } from './replica'

export const sessionCookie = 'zc_session'

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | null
  }
}

export interface HttpOptions {
  https?: { key: string; cert: string }
  /** Requests a minute and address on public doors, instead of each door's own; the tests raise it. */
  publicRateLimit?: number
  trustProxy?: boolean
  /** Folder of the built web pages. */
  pages?: string
}

/** The HTTP door: parses by contract, knows who asks, answers problems. Every route of the contracts must be implemented, and nothing else. */
export async function buildHttp(app: App, options: HttpOptions = {}): Promise<FastifyInstance> {
  const http = Fastify({
    loggerInstance: app.log as never,
    genReqId: () => randomUUID().slice(0, 8),
    requestIdHeader: false,
    bodyLimit: 1024 * 1024,
    // What is being answered may finish; main.ts ends what takes too long.
    forceCloseConnections: 'idle',
    trustProxy: options.trustProxy ?? false,
    routerOptions: { maxParamLength: 300 },
    // An address that cannot be decoded or is too long for any of ours never reaches a route or its error handler.
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      answerProblem(app, new CodedError('not_found'), request, reply),
    ...(options.https ? { https: options.https } : {}),
  } as never) as unknown as FastifyInstance

  http.setValidatorCompiler(validatorCompiler)
  http.setSerializerCompiler(serializerCompiler)
  http.decorateRequest('actor', null)

  await http.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        // The reader of codes (zxing) is WebAssembly; this allows its compilation and no eval of text.
        scriptSrc: ["'self'", "'wasm-unsafe-eval'", ...inlineScripts(options.pages)],
        // MapLibre and the photo preview work with blobs; antd writes style elements.
        imgSrc: ["'self'", 'data:', 'blob:', 'https:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
        workerSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'", 'https:'],
        upgradeInsecureRequests: null,
      },
    },
    strictTransportSecurity: options.https ? undefined : false,
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
    // Helmet's default would deny; the phone needs both.
    referrerPolicy: { policy: 'same-origin' },
  })
  await http.register(cookie)
  await http.register(compress, { threshold: 1024, encodings: ['br', 'gzip'] })
  await http.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, context) =>
      new CodedError('rate_limited', { seconds: Math.ceil(context.ttl / 1000) }),
  })
  await http.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: '驻场 Zhuchang', version: app.options.version } },
    transform: (input) => jsonSchemaTransform(input as never) as never,
    transformObject: jsonSchemaTransformObject,
  })
  await http.register(swaggerUi, { routePrefix: '/docs/api', staticCSP: false })
  http.get('/openapi.json', { schema: { hide: true } as never }, async () => http.swagger())

  // Uploads arrive as a stream; the file store counts their bytes.
  http.addContentTypeParser(
    [
      'application/octet-stream',
      'application/offset+octet-stream',
      'image/jpeg',
      'image/png',
      'image/webp',
      'image/heic',
    ],
    (_request, payload, done) => done(null, payload),
  )

  // Streams are open for hours: without this a shutdown waits for the last of them.
  http.addHook('preClose', () => app.live.stop())

  http.addHook('onRequest', async (request, reply) => {
    // What the API says is one person's, for now. Photos and papers, which never change, say otherwise themselves.
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
    const token = request.cookies[sessionCookie]
    request.actor = token ? await app.authenticator.bySession(token, request.ip) : null
    if (request.method !== 'GET' && request.method !== 'HEAD' && token) refuseForeignOrigin(request)
  })
  const implemented = new Map<RouteDef, Implemented>()
  http.setErrorHandler((error, request, reply) => answerProblem(app, error, request, reply))
  if (options.pages)
    await servePages(http, options.pages, async (request) => {
      const me = implemented.get(routes.me)
      if (!request.actor || !me) return null
      const ctx = app.readContext(request.actor, request.id)
      const [who, rows] = await Promise.all([me.handle(ctx, {} as Parsed<RouteDef>), firstRows(app, ctx)])
      return { me: routes.me.reply.parse(who), rows, at: ctx.now.toISOString() }
    })
  else http.setNotFoundHandler((request, reply) => answerProblem(app, new CodedError('not_found'), request, reply))

  const own: Implemented[] = platformHandlers(app)
  for (const h of [...own, ...app.modules.flatMap((m) => m.handlers ?? [])]) {
    if (implemented.has(h.route)) throw new Error(`${h.route.method} ${h.route.path} implemented twice`)
    implemented.set(h.route, h)
  }
  for (const route of Object.values(routes) as RouteDef[]) {
    const h = implemented.get(route)
    if (!h) throw new Error(`${route.method} ${route.path} is promised by the contracts and implemented by nobody`)
    // A signature covers the bytes as they were sent: here they stay bytes.
    if (route.access === 'signature')
      await http.register(async (scope) => {
        scope.removeAllContentTypeParsers()
        scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
        mount(app, scope, h, options)
      })
    else mount(app, http, h, options)
  }
  if (implemented.size !== Object.keys(routes).length)
    throw new Error('a handler implements a route that the contracts do not know')
  return http
}

function refuseForeignOrigin(request: FastifyRequest) {
  const origin = request.headers.origin
  if (origin) {
    let host: string
    try {
      host = new URL(origin).host
    } catch {
      fail('origin_refused')
    }
    if (host !== request.headers.host) fail('origin_refused')
  } else if (
    request.headers['sec-fetch-site'] &&
    !['same-origin', 'none'].includes(String(request.headers['sec-fetch-site']))
  )
    fail('origin_refused')
}

function localeOf(request: FastifyRequest): Locale {
  if (request.actor) return request.actor.locale
  return /^en/i.test(request.headers['accept-language'] ?? '') ? 'en-US' : 'zh-CN'
}

/**
 * Requests a minute from one address. A whole hospital looks at its links behind one address, photos and all, and a
 * token cannot be guessed: there the limit only keeps a flood out. Passwords cost us work and can be guessed.
 */
function perMinute(route: RouteDef): number {
  if (route.access === 'link') return route.method === 'GET' ? 1_200 : 120
  if (route.access === 'signature') return 600
  return route.method === 'GET' ? 240 : 60
}

function mount(app: App, http: FastifyInstance, h: Implemented, options: HttpOptions) {
  const { route } = h
  const open = route.access === 'public' || route.access === 'link' || route.access === 'signature'
  const errors: ErrorCode[] = [...(route.errors ?? []), ...(open ? [] : (['signed_out', 'forbidden'] as const))]
  http.route({
    method: route.method,
    url: route.path,
    schema: {
      tags: [route.tag],
      summary: route.summary.zh,
      description: `${route.summary.en}${errors.length ? ` · ${[...new Set(errors)].map((c) => `${errorCatalogue[c].status} ${c}`).join(', ')}` : ''}`,
      ...(route.params ? { params: route.params } : {}),
      ...(route.query ? { querystring: route.query } : {}),
      ...(route.body && !route.raw ? { body: route.body } : {}),
      ...(route.reply ? { response: { 200: route.reply } } : {}),
    } as never,
    config:
      open && !route.path.endsWith('z')
        ? { rateLimit: { max: options.publicRateLimit ?? perMinute(route), timeWindow: '1 minute' } }
        : {},
    // The door is checked before the body is read: a stranger learns nothing about shapes.
    preParsing: async (request: FastifyRequest) => {
      admit(request.actor, route)
    },
    handler: async (request: FastifyRequest, reply: FastifyReply) => {
      const actor = admit(request.actor, route)
      const input = { params: request.params, query: request.query, body: request.body } as Parsed<RouteDef>
      if (h.raw) return h.raw(app.readContext(actor, request.id), input, { request, reply, app })
      if (!route.command) return h.handle(app.readContext(actor, request.id), input)
      const meta = { ...metaFromHeaders(request, route.command), ip: request.ip }
      const { reply: answer, duplicate } = await runCommand(app, {
        actor,
        meta,
        hashOf: { params: request.params, body: request.body },
        keepReply: true,
        requestId: request.id,
        work: (ctx: Ctx) => h.handle(ctx, input),
      })
      if (duplicate) reply.header('idempotent-replayed', 'true')
      return answer
    },
  } as never)
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

function metaFromHeaders(request: FastifyRequest, name: string): Omit<CommandMeta, 'id'> & { id?: string } {
  const key = request.headers['idempotency-key']
  if (key !== undefined && (typeof key !== 'string' || !uuid.test(key)))
    fail('invalid_input', { header: 'idempotency-key' })
  const match = request.headers['if-match']
  const baseRev = match === undefined ? undefined : Number(String(match).replaceAll('"', ''))
  if (baseRev !== undefined && !Number.isInteger(baseRev)) fail('invalid_input', { header: 'if-match' })
  return {
    ...(key ? { id: key.toLowerCase() } : {}),
    ...(baseRev !== undefined ? { baseRev } : {}),
    name,
    offline: false,
    source: 'web',
  }
}

function platformHandlers(app: App): Implemented[] {
  return [
    {
      route: platformRoutes.healthz,
      handle: async () => ({ ok: true, version: app.options.version }),
    },
    {
      route: platformRoutes.readyz,
      handle: async (ctx) => {
        try {
          const { position } = await ctx.db.one<{ position: number }>(sql`select position from chain_head`)
          const { n } = await ctx.db.one<{ n: number }>(sql`select count(*) as n from events where position is null`)
          return { ok: true, position, unsealed: n }
        } catch {
          return fail('database_unavailable')
        }
      },
    },
    {
      route: platformRoutes.auditEntries,
      handle: async (ctx, input) => {
        const q = input.query as z.output<typeof platformRoutes.auditEntries.query>
        const rows = await ctx.db.query<
          Record<string, unknown> & { position: number; hash: Buffer; occurred_at: Date; recorded_at: Date }
        >(sql`
          select position, id, type, aggregate, aggregate_id as "aggregateId", json_build_object('id', actor_id, 'name', actor_name) as actor, occurred_at, recorded_at, payload, reason, hash
          from events where position is not null and position < ${q.after ?? Number.MAX_SAFE_INTEGER}
            and (${q.aggregateId ?? null}::uuid is null or aggregate_id = ${q.aggregateId ?? null}) and (${q.actorId ?? null}::uuid is null or actor_id = ${q.actorId ?? null})
          order by position desc limit ${q.limit}`)
        return {
          rows: rows.map((r) => ({
            ...r,
            occurredAt: r.occurred_at.toISOString(),
            recordedAt: r.recorded_at.toISOString(),
            hash: r.hash.toString('hex'),
          })),
          next: rows.length === q.limit ? (rows.at(-1)?.position ?? null) : null,
        }
      },
    },
    {
      route: platformRoutes.commands,
      // Each item is its own transaction with its own verdict; the batch itself never fails because of one of them.
      handle: (ctx, input) => runBatch(app, ctx, (input.body as unknown as { items: Item[] }).items),
    },
    implement(fieldRoutes.syncField, (ctx, { body }) => syncPhone(app, ctx, body)),
    implementRaw(platformRoutes.live, async (ctx, _input, { request, reply }) => {
      const token = request.cookies[sessionCookie] ?? ''
      const last = Number(request.headers['last-event-id'] ?? (request.query as Record<string, string>)?.after)
      reply.hijack()
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        connection: 'keep-alive',
        'x-accel-buffering': 'no',
      })
      reply.raw.write('retry: 1000\n\n')
      try {
        await app.live.open(
          reply.raw,
          ctx.actor,
          () => app.authenticator.bySession(token),
          Number.isInteger(last) ? last : null,
        )
      } catch (error) {
        // The answer has begun: the stream ends, and the client comes back with where it was.
        app.log.warn({ error, requestId: request.id }, 'live stream')
        reply.raw.end()
      }
    }),
  ]
}

function answerProblem(app: App, error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const coded = toCoded(error)
  if (!coded) app.log.error({ err: error, requestId: request.id, url: maskUrl(request.url) }, 'a request failed')
  const problem = toProblem(
    coded ?? new CodedError('internal', { requestId: request.id }),
    localeOf(request),
    request.id,
  )
  if (coded?.code === 'rate_limited' && coded.params.seconds) reply.header('retry-after', String(coded.params.seconds))
  // Serialized here: the reply schema of the route describes success.
  return reply
    .status(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .serializer((p: unknown) => JSON.stringify(p))
    .send(problem)
}
