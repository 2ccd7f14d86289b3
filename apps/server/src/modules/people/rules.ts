import { fail } from '../../platform/errors'

/** Failures that are free; after them each one doubles the wait, up to a quarter of an hour. */
const free = 5
const maxWaitMs = 15 * 60_000
/** A quiet hour forgets. */
const forgetMs = 60 * 60_000

/** How long this key must still wait, ms; 0 when it may try. */
export function waitMs(failures: { n: number; last_at: Date } | undefined, now: Date): number {
  if (!failures || failures.n < free) return 0
  const since = now.getTime() - failures.last_at.getTime()
  if (since > forgetMs) return 0
  return Math.max(0, Math.min(30_000 * 2 ** (failures.n - free), maxWaitMs) - since)
}

export const forgets = (failures: { last_at: Date }, now: Date): boolean =>
  now.getTime() - failures.last_at.getTime() > forgetMs

const common =
  /^(.)\1+$|^(0123456789|1234567890|12345678910|qwertyuiop|password\d*|zhuchang\d*|iloveyou\d*|woaini\d*|admin\d*)$/i

export function checkPassword(password: string): void {
  if ([...password].length < 10 || common.test(password)) fail('password_weak')
}

/** A session rolls: each use moves its end. Phones stay signed in for 30 days (a machine room has no password prompt), desks for 7. */
export const sessionDays = { desk: 7, field: 30 } as const
