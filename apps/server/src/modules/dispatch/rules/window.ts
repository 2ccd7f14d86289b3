import { min, type Objection, type Rule } from '../problem'

/** The promise to the customer, the order's due time, and the hours and notice that the site asks for. */
export const window: Rule = {
  name: 'window',
  weight: 'window',
  check: ({ start, end }, { now, job, dateOf }) => {
    const found: Objection[] = []
    // A minute of grace: a dispatcher who assigns “now” has read the clock before he pressed.
    if (start < now - 60_000) found.push({ code: 'in_the_past', params: { start, min: min(now - start) } })
    if (job.promise && (start > job.promise.end || start < job.promise.start))
      found.push({
        code: 'outside_promise',
        params: {
          start,
          promiseStart: job.promise.start,
          promiseEnd: job.promise.end,
          lateMin: Math.max(0, min(start - job.promise.end)),
          earlyMin: Math.max(0, min(job.promise.start - start)),
        },
      })
    if (job.dueAt !== null && end > job.dueAt)
      found.push({ code: 'after_due', params: { end, dueAt: job.dueAt, lateMin: min(end - job.dueAt) } })
    if (job.accessOn && job.mode !== 'remote') {
      const hours = job.accessOn(dateOf(start))
      const first = hours[0]
      const last = hours.at(-1)
      if (!first || !last || start < first[0] || end > last[1])
        found.push({ code: 'site_closed', params: { from: first?.[0] ?? null, to: last?.[1] ?? null } })
    }
    return found
  },
  // Late minutes count in full; waiting for a later start counts a little, so that the earlier of two equals wins.
  cost: ({ start, end }, { now, job }) =>
    Math.max(0, min(start - (job.promise?.end ?? start))) +
    Math.max(0, min(end - (job.dueAt ?? end))) +
    Math.min(240, Math.max(0, min(start - Math.max(now, job.promise?.start ?? now))) / 10),
  explain: ({ start }, { job }) =>
    job.promise && start <= job.promise.end && start >= job.promise.start
      ? [{ code: 'on_time', params: { start, promiseEnd: job.promise.end } }]
      : [],
}
