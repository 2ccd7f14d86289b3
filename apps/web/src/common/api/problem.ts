import { currentLanguage, type Language } from '../i18n/language'
import { wordsIn } from '../i18n/words'
import { problemWords } from './problem.words'

export type Issue = { path: string; code: string; message: string }

/** RFC 9457 problem details as the server sends them; `title`, `detail` and `action` are in the language asked for. */
export type Problem = {
  code: string
  status: number
  title: string
  detail?: string
  action?: string
  params?: Record<string, unknown>
  issues?: Issue[]
  requestId?: string
}

/**
 * What a failed call throws. `title` says what happened, `action` what to do next, both ready to show.
 * `code` decides; `network` and `timeout` (status 0) are the browser's own.
 */
export class ApiError extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string | undefined
  readonly action: string | undefined
  readonly params: Record<string, unknown>
  readonly issues: Issue[]
  readonly requestId: string | undefined

  constructor(problem: Problem) {
    super(problem.title)
    this.name = 'ApiError'
    this.code = problem.code
    this.status = problem.status
    this.title = problem.title
    this.detail = problem.detail
    this.action = problem.action
    this.params = problem.params ?? {}
    this.issues = problem.issues ?? []
    this.requestId = problem.requestId
  }

  /** Nothing reached the server, or nobody knows: the same command may be sent again. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504
  }
}

/** The browser's own failures, in the reader's language. */
export function ownProblem(kind: 'network' | 'timeout', language: Language = currentLanguage()): Problem {
  const t = wordsIn(problemWords, language)
  return { code: kind, status: 0, title: t(`${kind}.title`), action: t(`${kind}.action`) }
}

/** Reads a failed answer; a proxy's HTML page becomes `unreadable` instead of a parse error. */
export function readProblem(status: number, text: string, language: Language = currentLanguage()): Problem {
  try {
    const body = JSON.parse(text) as Partial<Problem> | null
    if (body && typeof body.code === 'string' && typeof body.title === 'string')
      return { ...body, code: body.code, title: body.title, status: body.status ?? status }
  } catch {
    // Not JSON: fall through.
  }
  const t = wordsIn(problemWords, language)
  return { code: 'unreadable', status, title: t('unreadable.title', { status }), action: t('unreadable.action') }
}

/** Any thrown thing as an ApiError, so that a screen shows one kind of error; a bug in our own code stays visible by its message. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  return new ApiError({ code: 'internal', status: 0, title: error instanceof Error ? error.message : String(error) })
}
