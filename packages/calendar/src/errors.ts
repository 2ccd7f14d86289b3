export type CalendarErrorCode =
  | 'calendar_date'
  | 'calendar_instant'
  | 'calendar_zone'
  | 'calendar_span'
  | 'calendar_week'
  | 'calendar_cycle'
  | 'calendar_no_working_time'
  | 'calendar_no_workday'

/** A code with params; the words are chosen at the edge. */
export class CalendarError extends Error {
  override readonly name = 'CalendarError'
  constructor(
    readonly code: CalendarErrorCode,
    readonly params: Record<string, unknown>,
  ) {
    super(`${code} ${JSON.stringify(params)}`)
  }
}

export function fail(code: CalendarErrorCode, params: Record<string, unknown> = {}): never {
  throw new CalendarError(code, params)
}
