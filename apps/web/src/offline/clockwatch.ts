// Notices a clock that is set while the product is open. The browser has a second clock that nobody can set; between two
// ticks both must have moved alike. A phone that slept stops the second one, so that only what happens between ticks a few
// seconds apart counts, and a clock set back, which no sleep explains.

const everyMs = 4_000
const tickMs = 2_000

let moved = 0
let started = false

/** One look at both clocks; pure, for the test. Answers by how much the clock was set, in milliseconds. */
export function jumpBetween(before: { wall: number; steady: number }, now: { wall: number; steady: number }): number {
  const steady = now.steady - before.steady
  const jump = now.wall - before.wall - steady
  if (Math.abs(jump) < tickMs) return 0
  return jump < 0 || steady < everyMs * 3 ? jump : 0
}

/** Begins to watch; a page that is not looked at sleeps, and its first look afterwards begins anew. */
export function watchClock(): void {
  if (started) return
  started = true
  const look = () => ({ wall: Date.now(), steady: performance.now() })
  let last = look()
  setInterval(() => {
    const now = look()
    // Timers of a hidden page are held back: what passed there may have been sleep.
    const jump = jumpBetween(last, now)
    if (document.visibilityState === 'visible' || jump < 0) moved += jump
    last = now
  }, everyMs)
  document.addEventListener('visibilitychange', () => {
    const now = look()
    moved += Math.min(0, jumpBetween(last, now))
    last = now
  })
}

/** By how much the clock was set since the product was opened. */
export const clockJumpMs = (): number => Math.round(moved)
