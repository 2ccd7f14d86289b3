/** Access hours as people type them, one line a day: `09:00-12:00, 14:00-18:00`; empty: closed. */
type Span = [number, number]
const clock = (min: number) =>
  `${String(Math.floor(min / 60) % 24).padStart(2, '0')}:${String(min % 60).padStart(2, '0')}`

export function printDay(spans: readonly (readonly [number, number])[]): string {
  return spans.map(([from, to]) => `${clock(from)}-${clock(to)}`).join(', ')
}

/** Null: this cannot be read. An end before its start belongs to the next day. */
export function readDay(text: string): Span[] | null {
  const parts = text
    .split(/[,，、;；]/)
    .map((p) => p.trim())
    .filter(Boolean)
  const spans: Span[] = []
  for (const part of parts) {
    const m = /^(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})$/.exec(part)
    if (!m) return null
    const [h1, m1, h2, m2] = m.slice(1).map(Number) as [number, number, number, number]
    if (h1 > 23 || m1 > 59 || h2 > 24 || m2 > 59) return null
    const from = h1 * 60 + m1
    const to = h2 * 60 + m2
    spans.push([from, to <= from ? to + 1440 : to])
  }
  return spans
}

/** `31.2304, 121.4737`, as it is copied from a map. Null: no point in it. */
export function readPoint(text: string): { lat: number; lng: number } | null {
  const m = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text)
  return m ? { lat: Number(m[1]), lng: Number(m[2]) } : null
}
