import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger } from 'pino'

/** An address without the token that a customer's link carries: who has it may sign. */
export const maskUrl = (url: string): string =>
  url.replace(/^(\/v\/(?:site\/)?|\/api\/(?:link|site-screen)\/)[^/?#]+/, '$1***')

const req = (r: { method: string; url: string; ip?: string }) => ({ method: r.method, url: maskUrl(r.url), ip: r.ip })

/** One JSON line an entry, with the request's id; cookies, links' tokens and passwords never enter the log. */
export const createLogger = (level: string, into?: DestinationStream): Logger =>
  pino({ level, base: null, serializers: { req }, redact: ['*.password', '*.token'] }, into as DestinationStream)

export const silent: Logger = pino({ level: 'silent' })
