import { engineersRoutes } from '#contracts/engineers.schema'
import { implement, type Module, on } from '../../platform/app'
import { checkRev, constraintErrors } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { CodedError, fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { type Actor, authorise, can, hasAbility, permits, type ScopeRow } from '../../platform/policy'
import { type EngineerFacts, engineerFacts, type ShiftFacts } from './facts'
import { checkHours, dayAndWeek, loadOf } from './hours'
import { type Booking, occupancyOf, occupy, release } from './occupancy'
import * as store from './store'

export { type EngineerFacts, engineerFacts, type Point, type ShiftFacts } from './facts'
export { dayAndWeek, type Load, loadOf, overlapMin, shiftOn } from './hours'
export { type Booking, type OccupancyKind, occupancyOf, occupy, release } from './occupancy'
export {
  insertCertificateKind,
  insertEngineer,
  insertSkill,
  replaceSkills,
} from './store'

const valueIn = (detail: string) => /=\(([^)]*)\)/.exec(detail)?.[1] ?? '—'
constraintErrors.set('skills_pkey', (d) => new CodedError('skill_code_taken', { code: valueIn(d) }))
constraintErrors.set('certificate_kinds_pkey', (d) => new CodedError('skill_code_taken', { code: valueIn(d) }))
constraintErrors.set('skills_parent_code_fkey', (d) => new CodedError('skill_unknown', { code: valueIn(d) }))
constraintErrors.set('certificates_kind_fkey', (d) => new CodedError('certificate_kind_unknown', { kind: valueIn(d) }))
constraintErrors.set('engineers_shift_id_fkey', () => new CodedError('shift_unknown'))

const scopeOf = (e: { id: string; team_id: string | null }): ScopeRow => ({
  team_id: e.team_id,
  customer_id: null,
  people: [e.id],
})
const verbs = (actor: Actor, row: ScopeRow) =>
  can(actor, row, {
    setSkills: ['engineer.skills', true],
    setHome: ['engineer.home', true],
    edit: ['engineer.edit', true],
    addAbsence: ['absence.manage', true],
  })

/** Presents engineers with their load: two statements for any number of rows. */
async function present(ctx: Ctx, ids: readonly string[], revs: ReadonlyMap<string, number>) {
  const { week } = dayAndWeek(ctx.now.getTime(), ctx.zone)
  const [facts, booked] = await Promise.all([
    engineerFacts(ctx, ids),
    occupancyOf(ctx, ids, new Date(week[0]), new Date(week[1])),
  ])
  const byEngineer = new Map<string, Booking[]>()
  for (const b of booked) byEngineer.set(b.engineerId, [...(byEngineer.get(b.engineerId) ?? []), b])
  const byId = new Map(facts.map((f) => [f.id, f]))
  return ids.flatMap((id) => {
    const f = byId.get(id)
    return f ? [presentRow(ctx, f, revs.get(id) ?? 1, byEngineer.get(id) ?? [])] : []
  })
}

function presentRow(ctx: Ctx, f: EngineerFacts, rev: number, booked: Parameters<typeof loadOf>[1]) {
  const now = ctx.now.getTime()
  const away = f.absences.find((a) => a.from <= now && a.to > now)
  return {
    id: f.id,
    name: f.name,
    teamId: f.teamId,
    teamName: f.teamName,
    skills: f.skills,
    shiftId: f.shift?.id ?? null,
    shiftName: f.shift?.name ?? null,
    away: away ? { kind: away.kind, to: new Date(away.to).toISOString() } : null,
    load: loadOf(f, booked, now, ctx.zone),
    rev,
    can: verbs(ctx.actor, scopeOf({ id: f.id, team_id: f.teamId })),
  }
}

function presentAbsence(actor: Actor, a: store.AbsenceRow) {
  const row = scopeOf({ id: a.engineer_id, team_id: a.team_id })
  return {
    id: a.id,
    engineerId: a.engineer_id,
    engineerName: a.engineer_name,
    kind: a.kind,
    from: a.from.toISOString(),
    to: a.to.toISOString(),
    // A colleague sees that somebody is away, not why.
    reason: actor.id === a.engineer_id || permits(actor, 'absence.manage', row) ? a.reason : null,
    cancelled: a.cancelled_at !== null,
    rev: a.rev,
    can: can(actor, row, { cancel: ['absence.manage', a.cancelled_at === null] }),
  }
}

async function detail(ctx: Ctx, id: string) {
  const head = await store.findEngineer(ctx.db, id)
  if (!head) return fail('not_found')
  const row = scopeOf(head)
  const [listed] = await present(ctx, [id], new Map([[id, head.rev]]))
  // Somebody disabled has no plan any more, only what he was.
  if (!listed) return fail('not_found')
  const [facts] = await engineerFacts(ctx, [id])
  const certificates = await store.certificatesOf(ctx.db, id)
  const absences = permits(ctx.actor, 'absence.read', row)
    ? await store.absencesBetween(ctx.db, ctx.actor, {
        from: new Date(ctx.now.getTime() - 30 * 86_400_000),
        to: new Date(ctx.now.getTime() + 400 * 86_400_000),
        engineerId: id,
      })
    : []
  const seesHome = permits(ctx.actor, 'engineer.home', row)
  const { date } = dayAndWeek(ctx.now.getTime(), ctx.zone)
  return {
    ...listed,
    phone: head.phone,
    home: seesHome ? head.home : null,
    homeAddress: seesHome ? head.home_address : null,
    maxDayMin: head.max_day_min,
    maxWeekMin: head.max_week_min,
    shift: (facts as EngineerFacts).shift as never,
    certificates: certificates.map((c) => ({
      id: c.id,
      kind: c.kind,
      name: c.name,
      number: c.number,
      issuedOn: c.issued_on,
      expiresOn: c.expires_on,
      expired: c.expires_on !== null && c.expires_on < date,
    })),
    absences: absences.map((a) => presentAbsence(ctx.actor, a)),
  }
}

async function mine(ctx: Ctx, id: string, ability: 'engineer.skills' | 'engineer.home' | 'engineer.edit') {
  const e = await store.lockEngineer(ctx.db, id)
  if (!e) return fail('not_found')
  authorise(ctx.actor, ability, scopeOf(e), 'engineer.read')
  checkRev(ctx, e)
  return e
}

async function saved(
  ctx: Ctx,
  e: store.EngineerHead,
  event: { type: string; payload?: Record<string, unknown>; personal?: Record<string, unknown> },
) {
  await store.touchEngineer(ctx.db, e.id, ctx.now, ctx.actor.id)
  await ctx.emit({ ...event, aggregate: 'engineer', aggregateId: e.id, scope: scopeOf(e) })
  return detail(ctx, e.id)
}

/** Whoever is given the role becomes an engineer that can be planned. */
const enlist = on('person.added', 'engineers.enlist', (ctx, e) => enlistIfEngineer(ctx, e))
const enlistLater = on('person.edited', 'engineers.enlist_later', (ctx, e) => enlistIfEngineer(ctx, e))
async function enlistIfEngineer(ctx: Ctx, e: { aggregateId: string; payload: Record<string, unknown> }) {
  const grants = (e.payload.grants ?? []) as { role: string }[]
  if (grants.some((g) => g.role === 'engineer' || g.role === 'partner_engineer'))
    await store.insertEngineer(ctx.db, { userId: e.aggregateId, now: ctx.now })
}

const shiftFrom = (id: string, body: Omit<ShiftFacts, 'id'>): ShiftFacts => {
  const { name, anchor, cycle, followsHolidays, zone } = body
  const shift = { id, name, anchor, cycle, followsHolidays, zone }
  checkHours(shift)
  return shift
}
const presentShift = async (ctx: Ctx, id: string) => (await store.findShift(ctx.db, id)) as never

export const engineers: Module = {
  name: 'engineers',
  live: { engineer: 'engineer.read', absence: 'absence.read' },
  reactions: [enlist, enlistLater],
  handlers: [
    implement(engineersRoutes.listEngineers, async (ctx, { query }) => {
      const found = await store.listEngineerIds(ctx.db, ctx.actor, query)
      const total = found[0]?.total ?? 0
      const more = found.length > query.limit
      if (more) found.pop()
      const rows = await present(
        ctx,
        found.map((r) => r.id),
        new Map(found.map((r) => [r.id, r.rev])),
      )
      return { rows, next: more ? (found.at(-1)?.id ?? null) : null, total }
    }),
    implement(engineersRoutes.getEngineer, async (ctx, { params }) => {
      const head = await store.findEngineer(ctx.db, params.id)
      if (!head) return fail('not_found')
      authorise(ctx.actor, 'engineer.read', scopeOf(head), 'engineer.read')
      return detail(ctx, params.id)
    }),
    implement(engineersRoutes.setSkills, async (ctx, { params, body }) => {
      const e = await mine(ctx, params.id, 'engineer.skills')
      const skills = [...new Map(body.skills.map((s) => [s.code, s])).values()]
      const [refused] = await store.refusedSkills(
        ctx.db,
        e.id,
        skills.map((s) => s.code),
      )
      if (refused) fail('skill_unknown', { code: refused.code })
      await store.replaceSkills(ctx.db, e.id, skills)
      return saved(ctx, e, { type: 'engineer.skills_set', payload: { skills } })
    }),
    implement(engineersRoutes.addCertificate, async (ctx, { params, body }) => {
      const e = await mine(ctx, params.id, 'engineer.skills')
      if (body.issuedOn && body.expiresOn && body.expiresOn < body.issuedOn) fail('time_order')
      const id = body.id ?? newId()
      await store.insertCertificate(ctx.db, { ...body, id, engineerId: e.id })
      return saved(ctx, e, {
        type: 'engineer.certificate_added',
        payload: { certificateId: id, kind: body.kind, expiresOn: body.expiresOn },
        personal: { number: body.number },
      })
    }),
    implement(engineersRoutes.removeCertificate, async (ctx, { params }) => {
      const e = await mine(ctx, params.id, 'engineer.skills')
      if ((await store.removeCertificate(ctx.db, e.id, params.certificateId, ctx.now)) === 0) fail('not_found')
      return saved(ctx, e, {
        type: 'engineer.certificate_removed',
        payload: { certificateId: params.certificateId },
      })
    }),
    implement(engineersRoutes.setHome, async (ctx, { params, body }) => {
      const e = await mine(ctx, params.id, 'engineer.home')
      // Devices without a fix answer 0,0: a point in the Atlantic would make every way 11,000 km long.
      if (body.home && body.home.lat === 0 && body.home.lng === 0) fail('point_unlikely')
      await store.saveHome(ctx.db, e.id, body.home, body.homeAddress)
      return saved(ctx, e, { type: 'engineer.home_set', personal: { home: body.home, address: body.homeAddress } })
    }),
    implement(engineersRoutes.editEngineer, async (ctx, { params, body }) => {
      const e = await mine(ctx, params.id, 'engineer.edit')
      await store.saveLimits(ctx.db, e.id, {
        shiftId: body.shiftId === undefined ? e.shift_id : body.shiftId,
        maxDayMin: body.maxDayMin ?? e.max_day_min,
        maxWeekMin: body.maxWeekMin ?? e.max_week_min,
      })
      return saved(ctx, e, { type: 'engineer.edited', payload: { ...body } })
    }),
    implement(engineersRoutes.listAbsences, async (ctx, { query }) => {
      const [from, to] = [new Date(query.from), new Date(query.to)]
      if (to <= from) fail('time_order')
      const rows = await store.absencesBetween(ctx.db, ctx.actor, {
        from,
        to,
        teamIds: query.teamIds,
        engineerId: query.engineerId,
      })
      return { rows: rows.map((a) => presentAbsence(ctx.actor, a)) }
    }),
    implement(engineersRoutes.addAbsence, async (ctx, { params, body }) => {
      const e = await store.lockEngineer(ctx.db, params.id)
      if (!e) return fail('not_found')
      authorise(ctx.actor, 'absence.manage', scopeOf(e), 'engineer.read')
      const absence = {
        id: body.id ?? newId(),
        engineerId: e.id,
        kind: body.kind,
        from: new Date(body.from),
        to: new Date(body.to),
      }
      // Planned work in that time must be moved by a person first: the refusal names it.
      await occupy(ctx, { ...absence, ref: absence.id })
      await store.insertAbsence(ctx.db, { ...absence, reason: body.reason, now: ctx.now, by: ctx.actor.id })
      await ctx.emit({
        type: 'absence.added',
        aggregate: 'absence',
        aggregateId: absence.id,
        scope: scopeOf(e),
        payload: { engineerId: e.id, kind: body.kind, from: absence.from.getTime(), to: absence.to.getTime() },
        ...(body.reason ? { personal: { reason: body.reason } } : {}),
      })
      return presentAbsence(ctx.actor, (await store.findAbsence(ctx.db, absence.id)) as store.AbsenceRow)
    }),
    implement(engineersRoutes.cancelAbsence, async (ctx, { params, body }) => {
      const a = await store.lockAbsence(ctx.db, params.id)
      if (!a) return fail('not_found')
      const row = scopeOf({ id: a.engineer_id, team_id: a.team_id })
      authorise(ctx.actor, 'absence.manage', row, 'absence.read')
      checkRev(ctx, a)
      if (a.cancelled_at) fail('absence_cancelled')
      await release(ctx, a.id)
      await store.endAbsence(ctx.db, a.id, ctx.now, ctx.actor.id)
      await ctx.emit({
        type: 'absence.cancelled',
        aggregate: 'absence',
        aggregateId: a.id,
        scope: row,
        payload: { engineerId: a.engineer_id },
        reason: body.reason,
      })
      return presentAbsence(ctx.actor, (await store.findAbsence(ctx.db, a.id)) as store.AbsenceRow)
    }),
    implement(engineersRoutes.listSkills, async (ctx) => {
      const [skills, certificateKinds] = await Promise.all([
        store.listSkills(ctx.db),
        store.listCertificateKinds(ctx.db),
      ])
      return { skills, certificateKinds, can: { add: hasAbility(ctx.actor, 'skill.manage') } }
    }),
    implement(engineersRoutes.addSkill, async (ctx, { body }) => {
      await store.insertSkill(ctx.db, body)
      await emitSkill(ctx, 'skill.added', { ...body })
      return (await store.findSkill(ctx.db, body.code)) as store.SkillRow
    }),
    implement(engineersRoutes.editSkill, async (ctx, { params, body }) => {
      const s = await store.lockSkill(ctx.db, params.code)
      if (!s) return fail('skill_unknown', { code: params.code })
      checkRev(ctx, s)
      await store.saveSkill(ctx.db, {
        code: s.code,
        name: body.name ?? s.name,
        position: body.position ?? s.position,
        retiredAt: (body.retired ?? s.retired) ? ctx.now : null,
      })
      await emitSkill(ctx, 'skill.edited', { code: s.code, ...body })
      return (await store.findSkill(ctx.db, s.code)) as store.SkillRow
    }),
    implement(engineersRoutes.addCertificateKind, async (ctx, { body }) => {
      await store.insertCertificateKind(ctx.db, body)
      await emitSkill(ctx, 'certificate_kind.added', { ...body })
      return { ok: true as const }
    }),
    implement(engineersRoutes.listShifts, async (ctx) => ({
      rows: (await store.listShifts(ctx.db)) as never,
      can: { add: hasAbility(ctx.actor, 'shift.manage') },
    })),
    implement(engineersRoutes.addShift, async (ctx, { body }) => {
      const shift = shiftFrom(body.id ?? newId(), body)
      await store.insertShift(ctx.db, shift, ctx.now, ctx.actor.id)
      await ctx.emit({ type: 'shift.added', aggregate: 'shift', aggregateId: shift.id, payload: { ...shift } })
      return presentShift(ctx, shift.id)
    }),
    implement(engineersRoutes.editShift, async (ctx, { params, body }) => {
      const s = await store.lockShift(ctx.db, params.id)
      if (!s) return fail('not_found')
      checkRev(ctx, s)
      const shift = shiftFrom(s.id, body)
      await store.saveShift(ctx.db, shift, ctx.now, ctx.actor.id)
      await ctx.emit({ type: 'shift.edited', aggregate: 'shift', aggregateId: s.id, payload: { ...shift } })
      return presentShift(ctx, s.id)
    }),
  ],
}

// Skills have a code for an id; the tree is one aggregate, so that its history reads as one.
const skillTree = '00000000-0000-7000-8000-00000000511a'
const emitSkill = (ctx: Ctx, type: string, payload: Record<string, unknown>) =>
  ctx.emit({ type, aggregate: 'skill_tree', aggregateId: skillTree, payload })
