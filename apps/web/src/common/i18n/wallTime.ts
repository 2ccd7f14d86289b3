// What the wall of a zone shows, and when. One formatter a zone and one question a quarter of an hour: a phone makes a
// formatter in ten milliseconds, and lists ask for hundreds of times.

const QUARTER = 900_000
const formatters = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, number>()

/** Milliseconds by which the zone's wall is ahead of UTC. Clocks are changed on a quarter of an hour. */
function offset(at: number, zone: string): number {
  // China has had one clock and no summer time since 15 September 1991: the first formatter of all costs a slow phone
  // a tenth of a second before anything is drawn.
  if (zone === 'Asia/Shanghai' && at >= Date.UTC(1991, 8, 15)) return 8 * 3_600_000
  const slot = Math.floor(at / QUARTER) * QUARTER
  const key = `${zone} ${slot}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  let formatter = formatters.get(zone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    formatters.set(zone, formatter)
  }
  const p = Object.fromEntries(formatter.formatToParts(slot).map((x) => [x.type, x.value]))
  const ahead = Date.parse(`${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}Z`) - slot
  if (offsets.size > 10_000) offsets.clear()
  offsets.set(key, ahead)
  return ahead
}

/** What a clock on the wall of the zone shows at an instant: `2026-11-24T09:00`, as a datetime-local input wants it. */
export const wallTime = (at: number, zone: string): string => new Date(at + offset(at, zone)).toISOString().slice(0, 16)

/** The instant at which the wall of the zone shows that time; null for no time. The browser's own zone does not matter. */
export function instantOf(local: string, zone: string): string | null {
  const as = Date.parse(`${local.slice(0, 16)}Z`)
  if (Number.isNaN(as)) return null
  // Twice, because the first guess may lie on the other side of a change of the clocks.
  let at = as
  for (let i = 0; i < 2; i++) at = as - offset(at, zone)
  return new Date(at).toISOString()
}
