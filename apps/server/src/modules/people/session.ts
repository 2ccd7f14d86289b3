import { createHash, randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import type pg from 'pg'
import type { Role } from '#contracts'
import { type Ability, abilityRoles } from '#contracts'
import { peopleRoutes } from '#contracts/people.schema'
import { type App, type Authenticator, implement, implementRaw } from '../../platform/app'
import { runCommand } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { sql, wrap } from '../../platform/database/pool'
import { CodedError, fail } from '../../platform/errors'
import { sessionCookie } from '../../platform/http'
import { newId } from '../../platform/ids'
import { type Actor, hasAbility } from '../../platform/policy'
import { readSetting } from '../../platform/settings'
import { companySetting } from './company'
import * as rules from './rules'
import * as store from './store'

const deviceCookie = 'zc_device'
// The package's enum is ambient: its value for argon2id.
const argon2id = 2
const sha = (s: string) => createHash('sha256').update(s).digest()

/** argon2id with OWASP's parameters (Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane). */
export const hashPassword = (password: string) =>
  hash(password, { algorithm: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 })

/** The demo's one password. It opens demo accounts only, and those only in demo mode. */
export const demoPassword = 'zhuchang-demo'

// Verified when there is no such user, so that an unknown name takes as long as a wrong password.
const nobody = hashPassword('nobody has this password')

export const authenticator =
  (demo: boolean, clock: { now(): Date }) =>
  (pool: pg.Pool): Authenticator => ({
    async bySession(token, ip) {
      const db = wrap(pool)
      const now = clock.now()
      const s = await store.findSession(db, sha(token), now, demo)
      if (!s) return null
      if (now.getTime() - s.last_seen_at.getTime() > 5 * 60_000)
        await store.touchSession(
          db,
          s.session_id,
          now,
          new Date(now.getTime() + rules.sessionDays[s.face] * 86_400_000),
          ip ?? null,
        )
      return {
        kind: 'user',
        id: s.user_id,
        name: s.name,
        locale: s.locale,
        sessionId: s.session_id,
        teamId: s.team_id,
        grants: (s.grants ?? []).map((g) => ({ role: g.role, reach: store.reachOf(g) })),
      }
    },
  })

async function meOf(ctx: Ctx, actor: Actor) {
  const u = await store.findUser(ctx.db, actor.id as string)
  if (!u) return fail('signed_out')
  const company = await readSetting(ctx, companySetting)
  return {
    id: u.id,
    userName: u.user_name,
    name: u.name,
    teamId: u.team_id,
    teamName: u.team_name,
    locale: u.locale,
    roles: [...new Set(actor.grants.map((g) => g.role))],
    engineerId: actor.grants.some((g) => g.role === 'engineer') ? u.id : null,
    demo: u.demo,
    companyName: company.name,
    zone: ctx.zone,
    abilities: (Object.keys(abilityRoles) as Ability[]).filter((a) => hasAbility(actor, a)),
  }
}

async function signIn(
  app: App,
  ctx: Ctx,
  b: { userName: string; password: string; face: 'desk' | 'field' },
  device: string | undefined,
  userAgent: string | null,
  ip: string,
) {
  const db = wrap(app.pool)
  const user = await store.findForSignIn(db, b.userName)
  const known = user && device ? await store.knowsDevice(db, sha(device), user.id) : false
  const key = known
    ? `device:${sha(device as string)
        .toString('hex')
        .slice(0, 32)}:${b.userName}`
    : `stranger:${b.userName}`
  const before = await store.failures(db, key)
  const wait = rules.waitMs(before, ctx.now)
  if (wait > 0) throw new CodedError('sign_in_throttled', { seconds: Math.ceil(wait / 1000) })
  const right = await verify(user?.password_hash ?? (await nobody), b.password)
  if (!user || !right) {
    await store.countFailure(db, key, before && !rules.forgets(before, ctx.now) ? before.n + 1 : 1, ctx.now)
    fail('sign_in_failed')
  }
  if (user.disabled_at) fail('account_disabled')
  if (user.demo && !app.options.demo) fail('demo_only')
  const token = randomBytes(32).toString('base64url')
  const deviceToken = device ?? randomBytes(32).toString('base64url')
  const maxAge = rules.sessionDays[b.face] * 86_400
  await runCommand(app, {
    actor: { kind: 'user', id: user.id, name: user.name, locale: 'zh-CN', grants: [] },
    meta: { name: 'session.start', offline: false, source: 'web' },
    hashOf: null,
    keepReply: false,
    requestId: ctx.requestId,
    work: async (c) => {
      const id = newId()
      await store.insertSession(c.db, {
        id,
        tokenHash: sha(token),
        userId: user.id,
        face: b.face,
        now: c.now,
        expiresAt: new Date(c.now.getTime() + maxAge * 1000),
        userAgent,
        ip,
      })
      await store.rememberDevice(c.db, sha(deviceToken), user.id, c.now)
      await store.forgetFailures(c.db, key)
      await c.emit({ type: 'session.started', aggregate: 'session', aggregateId: id, payload: { face: b.face } })
    },
  })
  return { token, deviceToken, maxAge }
}

export const sessionHandlers = [
  implementRaw(peopleRoutes.signIn, async (ctx, { body }, { request, reply, app }) => {
    const { token, deviceToken, maxAge } = await signIn(
      app,
      ctx,
      body,
      request.cookies[deviceCookie],
      request.headers['user-agent']?.slice(0, 300) ?? null,
      request.ip,
    )
    const secure = request.protocol === 'https'
    reply.setCookie(sessionCookie, token, { httpOnly: true, sameSite: 'lax', path: '/', secure, maxAge })
    reply.setCookie(deviceCookie, deviceToken, {
      httpOnly: true,
      sameSite: 'lax',
      path: '/api/session',
      secure,
      maxAge: 400 * 86_400,
    })
    const actor = (await app.authenticator.bySession(token)) as Actor
    return meOf(app.readContext(actor, request.id), actor)
  }),
  implement(peopleRoutes.demoAccounts, async (ctx) => {
    if (!ctx.demo) return { accounts: [] }
    const rows = await store.demoAccounts(ctx.db)
    return {
      accounts: rows.map((r) => ({
        userName: r.user_name,
        name: r.name,
        role: r.role,
        face: faceOf(r.role),
        password: demoPassword,
      })),
    }
  }),
  implement(peopleRoutes.me, (ctx) => meOf(ctx, ctx.actor)),
  implement(peopleRoutes.setLocale, async (ctx, { body }) => {
    await store.setLocale(ctx.db, ctx.actor.id as string, body.locale)
    await ctx.emit({
      type: 'person.locale_set',
      aggregate: 'person',
      aggregateId: ctx.actor.id as string,
      payload: { locale: body.locale },
    })
    return { ok: true as const }
  }),
  implementRaw(peopleRoutes.signOut, async (ctx, _input, { reply, app }) => {
    await endSessions(app, ctx, 'one')
    reply.clearCookie(sessionCookie, { path: '/' })
    return { ok: true }
  }),
  implementRaw(peopleRoutes.signOutEverywhere, async (ctx, _input, { reply, app }) => {
    await endSessions(app, ctx, 'all')
    reply.clearCookie(sessionCookie, { path: '/' })
    return { ok: true }
  }),
  implementRaw(peopleRoutes.changePassword, async (ctx, { body }, { app }) => {
    rules.checkPassword(body.next)
    const row = await ctx.db.one<{ password_hash: string }>(
      sql`select password_hash from users where id = ${ctx.actor.id}`,
    )
    if (!(await verify(row.password_hash, body.current))) fail('sign_in_failed')
    const next = await hashPassword(body.next)
    await runCommand(app, {
      actor: ctx.actor,
      meta: { name: 'session.changePassword', offline: false, source: 'web' },
      hashOf: null,
      keepReply: false,
      requestId: ctx.requestId,
      work: async (c) => {
        await store.setPassword(c.db, c.actor.id as string, next)
        // The other devices are signed out; this one goes on.
        await c.db.run(
          sql`update sessions set ended_at = ${c.now} where user_id = ${c.actor.id} and id <> ${c.actor.sessionId} and ended_at is null`,
        )
        await c.emit({ type: 'person.password_changed', aggregate: 'person', aggregateId: c.actor.id as string })
      },
    })
    return { ok: true }
  }),
]

const faceOf = (role: Role): 'desk' | 'field' => (role === 'engineer' ? 'field' : 'desk')

async function endSessions(app: App, ctx: Ctx, which: 'one' | 'all') {
  await runCommand(app, {
    actor: ctx.actor,
    meta: { name: 'session.end', offline: false, source: 'web' },
    hashOf: null,
    keepReply: false,
    requestId: ctx.requestId,
    work: async (c) => {
      if (which === 'one') await store.endSession(c.db, c.actor.sessionId as string, c.now)
      else await store.endSessionsOf(c.db, c.actor.id as string, c.now)
      await c.emit({
        type: which === 'one' ? 'session.ended' : 'person.signed_out_everywhere',
        aggregate: 'person',
        aggregateId: c.actor.id as string,
        scope: { people: [c.actor.id as string] },
      })
    },
  })
}
