import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
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
export async function servePages(http: FastifyInstance, folder: string): Promise<void> {
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
