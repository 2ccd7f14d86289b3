import { z } from 'zod'
import { DispatchPolicy as Schema } from '#contracts/dispatch.schema'
import type { Ctx } from '../../platform/context'
import { readSetting, setting, writeSetting } from '../../platform/settings'
import type { DispatchPolicy } from './problem'

const initial: DispatchPolicy = {
  weights: { skills: 1, load: 1, travel: 1, window: 2, shift: 1, familiarity: 1 },
  severity: {
    skill_missing: 'override',
    skill_low: 'override',
    certificate_missing: 'override',
    certificate_expired: 'override',
    on_leave: 'refuse',
    engineer_busy: 'refuse',
    in_the_past: 'override',
    outside_shift: 'warn',
    day_off: 'warn',
    outside_promise: 'warn',
    after_due: 'warn',
    site_closed: 'warn',
    entry_notice_short: 'warn',
    entry_names_needed: 'warn',
    entry_equipment_needed: 'warn',
    next_unreachable: 'warn',
    over_day_limit: 'warn',
    over_week_limit: 'warn',
    travel_unknown: 'warn',
    no_free_time: 'refuse',
  },
  horizonDays: 7,
  stepMin: 5,
  unknownTravelMin: 30,
  ladder: [
    { by: 'push', afterMin: 3 },
    { by: 'robot', afterMin: 5 },
    { by: 'email', afterMin: 7 },
    { by: 'dispatcher', afterMin: 9 },
  ],
  unansweredMin: 15,
  unanswered: 'dispatcher',
}

// A version written before a rule or a field existed lacks it: the default fills it.
const stored = Schema.extend({
  severity: z.partialRecord(z.enum(Object.keys(initial.severity) as never), z.string()),
  ladder: Schema.shape.ladder.default(initial.ladder),
  unanswered: Schema.shape.unanswered.default(initial.unanswered),
})
const dispatchSetting = setting('dispatch', stored, initial as z.output<typeof stored>)

export async function readPolicy(ctx: Pick<Ctx, 'db'>): Promise<DispatchPolicy> {
  const value = (await readSetting(ctx, dispatchSetting)) as DispatchPolicy
  return { ...value, severity: { ...initial.severity, ...value.severity } }
}

export async function writePolicy(ctx: Ctx, policy: DispatchPolicy): Promise<void> {
  await writeSetting(ctx, dispatchSetting, {
    ...policy,
    // The calendar and the occupancy constraint refuse these whatever a policy says.
    severity: { ...policy.severity, on_leave: 'refuse', engineer_busy: 'refuse', no_free_time: 'refuse' },
  } as never)
}
