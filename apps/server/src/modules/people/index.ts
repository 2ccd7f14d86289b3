import { peopleRoutes } from '#contracts/people.schema'
import { implement, type Module } from '../../platform/app'
import { checkRev, constraintErrors } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { CodedError, fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { type Actor, authorise, can } from '../../platform/policy'
import { scopeOf } from './policy'
import { checkPassword } from './rules'
import { hashPassword, sessionHandlers } from './session'
import * as store from './store'

export { companyCalendar, companySetting } from './company'
export { actorsOf } from './grants'
export { authenticator, demoPassword, hashPassword } from './session'
export {
  anyFrom as anySignedInFrom,
  insertTeam,
  insertUser,
  names as namesOf,
  replaceGrants,
  withRole as usersWithRole,
} from './store'

constraintErrors.set('users_user_name_key', () => new CodedError('user_name_taken', {}))

function present(actor: Actor, u: store.UserRow) {
  const row = scopeOf(u)
  return {
    id: u.id,
    userName: u.user_name,
    name: u.name,
    phone: u.phone,
    teamId: u.team_id,
    teamName: u.team_name,
    grants: u.grants,
    disabled: u.disabled_at !== null,
    rev: u.rev,
    lastSeenAt: u.last_seen_at?.toISOString() ?? null,
    can: can(actor, row, {
      edit: ['people.manage', true],
      disable: ['people.manage', !u.disabled_at],
      enable: ['people.manage', !!u.disabled_at],
    }),
  }
}

async function mine(ctx: Ctx, id: string, ability: 'people.manage') {
  const u = await store.lockUser(ctx.db, id)
  if (!u) return fail('not_found')
  authorise(ctx.actor, ability, scopeOf(u), 'people.read')
  checkRev(ctx, u)
  return u
}

async function saved(ctx: Ctx, id: string) {
  return present(ctx.actor, (await store.findUser(ctx.db, id)) as store.UserRow)
}

const tellAbout = (u: { id: string; team_id: string | null }) => ({
  aggregate: 'person',
  aggregateId: u.id,
  scope: scopeOf(u),
})

export const people: Module = {
  name: 'people',
  live: { person: 'people.read' },
  jobs: [{ name: 'people.upkeep', every: '41 18 * * *', run: (ctx) => store.forgetOld(ctx.db, ctx.now) }],
  handlers: [
    ...sessionHandlers,
    implement(peopleRoutes.listPeople, async (ctx, { query }) => {
      const rows = await store.listUsers(ctx.db, ctx.actor, query)
      const more = rows.length > query.limit
      if (more) rows.pop()
      return { rows: rows.map((u) => present(ctx.actor, u)), next: more ? (rows.at(-1)?.user_name ?? null) : null }
    }),
    implement(peopleRoutes.getPerson, async (ctx, { params }) => {
      const u = await store.findUser(ctx.db, params.id)
      if (!u) return fail('not_found')
      authorise(ctx.actor, 'people.read', scopeOf(u), 'people.read')
      return present(ctx.actor, u)
    }),
    implement(peopleRoutes.addPerson, async (ctx, { body }) => {
      const row = { id: body.id ?? newId(), team_id: body.teamId }
      authorise(ctx.actor, 'people.manage', scopeOf(row), 'people.read')
      checkPassword(body.password)
      await store.insertUser(ctx.db, {
        id: row.id,
        userName: body.userName,
        name: body.name,
        phone: body.phone,
        teamId: body.teamId,
        passwordHash: await hashPassword(body.password),
        now: ctx.now,
        by: ctx.actor.id,
      })
      await store.replaceGrants(ctx.db, row.id, body.grants)
      await ctx.emit({
        type: 'person.added',
        ...tellAbout(row),
        payload: { teamId: body.teamId, grants: body.grants },
        personal: { name: body.name, phone: body.phone, userName: body.userName },
      })
      return saved(ctx, row.id)
    }),
    implement(peopleRoutes.editPerson, async (ctx, { params, body }) => {
      const u = await mine(ctx, params.id, 'people.manage')
      if (
        body.grants &&
        !body.grants.some((g) => g.role === 'administrator') &&
        u.grants.some((g) => g.role === 'administrator')
      )
        await keepOneAdministrator(ctx, u.id)
      await store.saveUser(ctx.db, {
        id: u.id,
        name: body.name ?? u.name,
        phone: body.phone === undefined ? u.phone : body.phone,
        teamId: body.teamId === undefined ? u.team_id : body.teamId,
        disabledAt: u.disabled_at,
        now: ctx.now,
        by: ctx.actor.id,
      })
      if (body.grants) await store.replaceGrants(ctx.db, u.id, body.grants)
      await ctx.emit({
        type: 'person.edited',
        ...tellAbout(u),
        payload: { changed: Object.keys(body), grants: body.grants ?? null },
      })
      return saved(ctx, u.id)
    }),
    implement(peopleRoutes.disablePerson, async (ctx, { params, body }) => {
      const u = await mine(ctx, params.id, 'people.manage')
      if (u.grants.some((g) => g.role === 'administrator')) await keepOneAdministrator(ctx, u.id)
      await store.saveUser(ctx.db, {
        id: u.id,
        name: u.name,
        phone: u.phone,
        teamId: u.team_id,
        disabledAt: ctx.now,
        now: ctx.now,
        by: ctx.actor.id,
      })
      await store.endSessionsOf(ctx.db, u.id, ctx.now)
      await ctx.emit({ type: 'person.disabled', ...tellAbout(u), reason: body.reason })
      return saved(ctx, u.id)
    }),
    implement(peopleRoutes.enablePerson, async (ctx, { params }) => {
      const u = await mine(ctx, params.id, 'people.manage')
      await store.saveUser(ctx.db, {
        id: u.id,
        name: u.name,
        phone: u.phone,
        teamId: u.team_id,
        disabledAt: null,
        now: ctx.now,
        by: ctx.actor.id,
      })
      await ctx.emit({ type: 'person.enabled', ...tellAbout(u) })
      return saved(ctx, u.id)
    }),
    implement(peopleRoutes.resetPassword, async (ctx, { params, body }) => {
      const u = await mine(ctx, params.id, 'people.manage')
      checkPassword(body.password)
      await store.setPassword(ctx.db, u.id, await hashPassword(body.password))
      await store.endSessionsOf(ctx.db, u.id, ctx.now)
      await ctx.emit({ type: 'person.password_reset', ...tellAbout(u) })
      return { ok: true as const }
    }),
    implement(peopleRoutes.listTeams, async (ctx) => {
      const rows = await store.listTeams(ctx.db)
      return {
        teams: rows.map((t) => ({ id: t.id, parentId: t.parent_id, kind: t.kind, name: t.name, people: t.people })),
      }
    }),
  ],
}

async function keepOneAdministrator(ctx: Ctx, userId: string) {
  if ((await store.otherAdministrators(ctx.db, userId)) === 0) fail('last_administrator')
}
