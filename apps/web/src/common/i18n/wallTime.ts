/** What a clock on the wall of the zone shows at an instant: `2026-11-24T09:00`, as a datetime-local input wants it. */
export function wallTime(at: number, zone: string): string {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
      .formatToParts(at)
      .map((p) => [p.type, p.value]),
  )
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`
}

/** The instant at which the wall of the zone shows that time; null for no time. The browser's own zone does not matter. */
export function instantOf(local: string, zone: string): string | null {
  const as = Date.parse(`${local}Z`)
  if (Number.isNaN(as)) return null
  // Twice, because the first guess may lie on the other side of a change of the clocks.
  let at = as
  for (let i = 0; i < 2; i++) at = as - (Date.parse(`${wallTime(at, zone)}Z`) - at)
  return new Date(at).toISOString()
}
