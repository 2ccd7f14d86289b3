/** Time is an argument: the server asks its clock, tests and the seed bring their own. */
export interface Clock {
  now(): Date
}
export const systemClock: Clock = { now: () => new Date() }
