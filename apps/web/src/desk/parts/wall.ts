// Pickers show and take wall time; the wire speaks instants. The zone is the site's, never the browser's.
import dayjs, { type Dayjs } from 'dayjs'

const PATTERN = 'YYYY-MM-DDTHH:mm'

const parts = new Map<string, Intl.DateTimeFormat>()
function wallOf(at: number, zone: string): string {
  let f = parts.get(zone)
  if (!f) {
    f = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
    parts.set(zone, f)
  }
  return f.format(at).replace(' ', 'T').slice(0, 16)
}

/** What a clock on the wall of that zone shows at the instant. */
export function toWall(instant: string | null | undefined, zone: string): Dayjs | null {
  return instant ? dayjs(wallOf(Date.parse(instant), zone), PATTERN) : null
}

/** The instant at which a clock on the wall of that zone shows this. In the hour that a clock change skips, the later one. */
export function fromWall(wall: Dayjs | null | undefined, zone: string): string | null {
  if (!wall?.isValid()) return null
  const wanted = Date.parse(`${wall.format(PATTERN)}:00Z`)
  // The offset at the guess is right except around a change of clocks; a second look settles that.
  let at = wanted
  for (let i = 0; i < 2; i++) at = wanted - (Date.parse(`${wallOf(at, zone)}:00Z`) - at)
  return new Date(at).toISOString()
}
