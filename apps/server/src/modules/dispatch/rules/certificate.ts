import type { Argument, Objection, Rule } from '../problem'

/** A certificate counts if it is valid through the day of the work, not only today. */
export const certificate: Rule = {
  name: 'certificate',
  check: ({ engineer, end }, { job, dateOf }) =>
    job.certificates.flatMap((need): Objection[] => {
      const held = engineer.certificates.filter((c) => c.kind === need.kind)
      if (held.length === 0) return [{ code: 'certificate_missing', params: { certificate: need.name } }]
      if (held.some((c) => c.expiresOn === null || c.expiresOn >= dateOf(end))) return []
      const last = held.map((c) => c.expiresOn as string).sort()
      return [{ code: 'certificate_expired', params: { certificate: need.name, expiresOn: last.at(-1) ?? null } }]
    }),
  explain: ({ engineer, end }, { job, dateOf }) =>
    job.certificates.flatMap((need): Argument[] => {
      const held = engineer.certificates.find(
        (c) => c.kind === need.kind && (c.expiresOn === null || c.expiresOn >= dateOf(end)),
      )
      return held ? [{ code: 'certificate_valid', params: { certificate: need.name, expiresOn: held.expiresOn } }] : []
    }),
}
