import type { FastifyBaseLogger } from 'fastify'

export type Logger = Pick<FastifyBaseLogger, 'info' | 'warn' | 'error' | 'debug'>
export const silent: Logger = { info() {}, warn() {}, error() {}, debug() {} }
