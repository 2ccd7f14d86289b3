import type { z } from 'zod'
import type { Ability } from './abilities'
import type { ErrorCode } from './errors'

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Who may call a route. An ability is looked up in the permission table; the other four are doors of their own:
 * `public` anyone, `self` anyone signed in (acts on himself only), `link` the holder of a customer's link,
 * `signature` a vendor whose signature is checked.
 */
export type Access = Ability | 'public' | 'self' | 'link' | 'signature'

export interface RouteDef {
  method: Method
  path: string
  /** One sentence in each language, shown in the API pages and in the audit. */
  summary: { zh: string; en: string }
  tag: string
  access: Access
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  /** Left out: the route answers with a file or a stream. */
  reply?: z.ZodType
  errors?: readonly ErrorCode[]
  /** Name in the command registry. Set on every route that changes state; the batch endpoint takes the same name. */
  command?: string
  /**
   * A phone may send it later than it was done, in one of three ways. `fail`: refused, or kept as a flagged event, when the
   * state has moved on. `merge`: field by field, the later event time wins and the losing value is kept and shown.
   * `append`: always taken.
   */
  offline?: 'fail' | 'merge' | 'append'
  /** The body is bytes (an upload), not JSON. */
  raw?: boolean
}

/** Describes one route: method and path stay literal, so that the web can call it by `'POST /api/…'` with types only. */
export function defineRoute<const R extends RouteDef>(def: R): R {
  return def
}

type In<T> = T extends z.ZodType ? z.input<T> : undefined
type Out<T> = T extends z.ZodType ? z.output<T> : undefined

/** The shapes that a handler sees (parsed) and that a caller sends. */
export type Parsed<R extends RouteDef> = { params: Out<R['params']>; query: Out<R['query']>; body: Out<R['body']> }
export type Sent<R extends RouteDef> = { params: In<R['params']>; query: In<R['query']>; body: In<R['body']> }
export type Reply<R extends RouteDef> = R['reply'] extends z.ZodType ? z.input<R['reply']> : unknown

export type RouteMapOf<T extends Record<string, RouteDef>> = {
  [K in keyof T as `${T[K]['method']} ${T[K]['path']}`]: Sent<T[K]> & {
    reply: T[K]['reply'] extends z.ZodType ? z.output<T[K]['reply']> : unknown
  }
}
