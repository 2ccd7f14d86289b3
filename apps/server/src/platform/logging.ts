import { type Logger, pino } from 'pino'

export type { Logger } from 'pino'

/** One JSON line an entry, with the request's id; cookies, links' tokens and passwords never enter the log. */
export const createLogger = (level: string): Logger =>
  pino({ level, base: null, redact: ['req.headers.cookie', 'req.headers.authorization', '*.password', '*.token'] })

export const silent: Logger = pino({ level: 'silent' })
