import { type ErrorCode, errorCatalogue } from '#contracts'
import type { Db } from './database/pool'

export type Locale = 'zh-CN' | 'en-US'

/** A refusal with a name: what the caller did cannot be done, and the catalogue says why and what next. A bug stays a plain throw. */
export class CodedError extends Error {
  /** What stays true although the command is refused and undone: written after the rollback, in a statement of its own. */
  after?: (db: Db) => Promise<unknown>

  constructor(
    readonly code: ErrorCode,
    readonly params: Record<string, unknown> = {},
    readonly issues?: { path: string; code: string; message: string }[],
  ) {
    super(`${code} ${JSON.stringify(params)}`)
  }
  get status(): number {
    return errorCatalogue[this.code].status
  }
}

/** Throws the coded refusal; typed `never` so that it can stand in an expression. */
export function fail(code: ErrorCode, params: Record<string, unknown> = {}): never {
  throw new CodedError(code, params)
}

/** Refuses, and keeps what must outlive the refusal, such as the count of wrong codes. */
export function failAfter(
  after: (db: Db) => Promise<unknown>,
  code: ErrorCode,
  params: Record<string, unknown> = {},
): never {
  throw Object.assign(new CodedError(code, params), { after })
}

const fill = (s: string, params: Record<string, unknown>) => s.replace(/\{(\w+)\}/g, (_, k) => String(params[k] ?? '—'))

export interface ProblemBody {
  type: string
  code: string
  status: number
  title: string
  action: string
  params: Record<string, unknown>
  issues?: { path: string; code: string; message: string }[]
  requestId?: string
}

/** RFC 9457 problem details in the user's language. */
export function toProblem(error: CodedError, locale: Locale, requestId?: string): ProblemBody {
  const def = errorCatalogue[error.code]
  const zh = locale === 'zh-CN'
  const params = { ...error.params, ...(requestId ? { requestId } : {}) }
  return {
    type: `/docs/errors#${error.code}`,
    code: error.code,
    status: def.status,
    title: fill(zh ? def.zh : def.en, params),
    action: fill(zh ? def.zhAction : def.enAction, params),
    params: error.params,
    ...(error.issues ? { issues: error.issues } : {}),
    ...(requestId ? { requestId } : {}),
  }
}
