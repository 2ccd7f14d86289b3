import { overlaps, type Rule } from '../problem'

/** Leave and training hold the whole of their time, for remote work too. */
export const leave: Rule = {
  name: 'leave',
  check: ({ engineer, start, end, travelMin }) =>
    engineer.stops
      .filter((s) => (s.kind === 'leave' || s.kind === 'training') && overlaps(s, start - travelMin * 60_000, end))
      .map((s) => ({ code: 'on_leave' as const, params: { kind: s.kind, from: s.from, to: s.to, ref: s.ref } })),
  explain: () => [{ code: 'no_leave', params: {} }],
}
