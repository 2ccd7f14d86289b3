import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { CodedError } from './errors'

/** Content-Security-Policy sources of the scripts that stand in the pages themselves. */
export function inlineScripts(folder: string | undefined): string[] {
  if (!folder || !existsSync(folder)) return []
  const pages = readdirSync(folder).filter((name) => name.endsWith('.html'))
  const scripts = pages.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/<script>([\s\S]*?)<\/script>/g)].map((m) => m[1] as string),
  )
  return [...new Set(scripts)].map((code) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`)
}

/**
 * Serves the three faces. Every path that is no API belongs to a face, whose own router shows it: `/v/…` the customer's
 * link, `/m/…` the phone, everything else the desk.
 */
export async function servePages(
  http: FastifyInstance,
  folder: string,
  /** What the phone's page needs for its first paint, of whoever asks; null: nobody is signed in. */
  first: (request: FastifyRequest) => Promise<unknown>,
): Promise<void> {
  const page = (name: string) => (existsSync(join(folder, `${name}.html`)) ? `${name}.html` : `apps/web/${name}.html`)
  await http.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    index: false,
    preCompressed: true,
    // Built files carry a hash in their name and never change; a page must be asked for each time.
    setHeaders: (response, path) => {
      const forever = /[\\/]assets[\\/]/.test(path)
      response.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  const faces: [RegExp, string][] = [
    [/^\/v\//, page('link')],
    [/^\/m\//, page('field')],
  ]
  // The phone's worker serves what lies under /m/: the bare address leads there.
  http.get('/m', { schema: { hide: true } as never }, (_request, reply) => reply.redirect('/m/', 302))
  const field = join(folder, page('field'))
  const html = existsSync(field) ? readFileSync(field, 'utf8') : ''
  const preloads = html ? preloadsOf(folder) : ''
  // A route of its own rather than what nothing else answers: only a route's answer is compressed.
  if (html)
    http.get('/m/*', { schema: { hide: true } as never }, async (request, reply) => {
      const given = await first(request)
      if (!given) return reply.sendFile(page('field'))
      // Two round trips less on a weak line: who it is and today's visits come with the page.
      const json = JSON.stringify(given).replaceAll('<', '\\u003c')
      reply.header('cache-control', 'no-store').type('text/html; charset=utf-8')
      return html.replace(
        '</head>',
        () => `${preloads}<script type="application/json" id="zc-first">${json}</script></head>`,
      )
    })
  http.setNotFoundHandler((request, reply) => {
    if (
      request.method !== 'GET' ||
      /^\/(api|docs|assets)\//.test(request.url) ||
      /\.[a-z0-9]{2,5}(\?|$)/i.test(request.url)
    )
      throw new CodedError('not_found')
    return reply.sendFile(faces.find(([path]) => path.test(request.url))?.[1] ?? page('desk'))
  })
}

/** Links that begin to load the page of today together with the entry, which would ask for it only after it has run. */
function preloadsOf(folder: string): string {
  type Chunk = { file: string; name?: string; isEntry?: boolean; imports?: string[]; css?: string[] }
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/field.json'), 'utf8')) as Record<string, Chunk>
  const closure = (key: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(key) || !manifest[key]) return seen
    seen.add(key)
    for (const next of manifest[key]?.imports ?? []) closure(next, seen)
    return seen
  }
  const entry = closure('field.html')
  const chunks = [...closure('src/field/today/page.tsx')].filter((k) => !entry.has(k)).map((k) => manifest[k] as Chunk)
  return chunks
    .flatMap((c) => [
      `<link rel="modulepreload" crossorigin href="/${c.file}">`,
      ...(c.css ?? []).map((css) => `<link rel="stylesheet" crossorigin href="/${css}">`),
    ])
    .join('')
}
