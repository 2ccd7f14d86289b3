import { min, type Objection, type Rule } from '../problem'

/** 进场要求: notice, names and equipment that the site wants before anybody comes. The site says whether it insists. */
export const entry: Rule = {
  name: 'entry',
  check: ({ engineer, start }, { now, job }) => {
    const e = job.entry
    if (!e || job.mode === 'remote') return []
    const severity = e.blocks ? ('override' as const) : ('warn' as const)
    const found: Objection[] = []
    if (start - now < e.leadMin * 60_000)
      found.push({
        code: 'entry_notice_short',
        severity,
        params: { needMin: e.leadMin, haveMin: Math.max(0, min(start - now)) },
      })
    // Whether the names were handed in is not known here: it is said, never refused.
    if (e.namedPersons) found.push({ code: 'entry_names_needed', params: { name: engineer.name } })
    if (e.equipmentList) found.push({ code: 'entry_equipment_needed', params: {} })
    return found
  },
  explain: () => [],
}
