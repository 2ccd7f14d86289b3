import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { RouteDef } from '#contracts'
import { CodedError, fail } from './errors'
import { type Actor, hasAbility } from './policy'

const anonymous: Actor = { kind: 'link', id: null, name: 'anonymous', locale: 'zh-CN', grants: [] }

/** Whether the route may be called at all; which rows it may touch is the module's policy. */
export function admit(actor: Actor | null, route: RouteDef): Actor {
  if (route.access === 'public' || route.access === 'link' || route.access === 'signature') return actor ?? anonymous
  if (!actor) fail('signed_out')
  if (route.access !== 'self' && !hasAbility(actor, route.access)) fail('forbidden', { ability: route.access })
  return actor
}

/** What people are told of an error; null: it is our own. */
export function toCoded(error: unknown): CodedError | null {
  if (error instanceof CodedError) return error
  const e = error as { code?: string; statusCode?: number; message?: string }
  // An address with an id that cannot be one (a cut link) leads nowhere; there is no field to correct.
  if (hasZodFastifySchemaValidationErrors(error) && error.validationContext === 'params')
    return new CodedError('not_found')
  if (hasZodFastifySchemaValidationErrors(error))
    return new CodedError(
      'invalid_input',
      {},
      error.validation.map((v) => ({
        path: `${error.validationContext}${v.instancePath.replaceAll('/', '.')}`,
        code: v.keyword,
        message: v.message ?? '',
      })),
    )
  if (e.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new CodedError('body_too_large')
  if (e.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new CodedError('media_unsupported')
  // What PostgreSQL refuses in a value (a NUL, a lone surrogate, a date or number out of range, a forged cursor) is bad
  // input, not our failure.
  if (['22021', '22P05', '22P02', '22003', '22007', '22008', '22009'].includes(e.code ?? ''))
    return new CodedError('invalid_input', { database: e.code })
  if (
    ['ECONNREFUSED', 'ECONNRESET', '57P01', '57P02', '57P03', '08006', '08001', '53300'].includes(e.code ?? '') ||
    /Connection terminated|not queryable|timeout exceeded when trying to connect/.test(e.message ?? '')
  )
    return new CodedError('database_unavailable')
  if (e.statusCode && e.statusCode >= 400 && e.statusCode < 500)
    return new CodedError(e.statusCode === 429 ? 'rate_limited' : 'body_malformed')
  return null
}
