import type { z } from 'zod'
import { type IntakeItem, type IntakeSource, intakeRoutes } from '#contracts/intake.schema'
import { implement, implementRaw, type Module } from '../../platform/app'
import { checkRev, constraintErrors, runCommand } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { CodedError, fail } from '../../platform/errors'
import { derivedId, newId } from '../../platform/ids'
import { authorise, can, type ScopeRow } from '../../platform/policy'
import { pageOf } from '../../platform/search'
import { checkMapping, mapPayload } from './mapping'
import { receive, replay } from './receive'
import { shippedMappings } from './shipped'
import { newSecret, seal, unseal, verifySignature } from './signature'
import * as store from './store'

constraintErrors.set('intake_sources_pkey', () => new CodedError('intake_source_taken'))

const scopeOf = (s: { team_id: string | null }): ScopeRow => ({ team_id: s.team_id, customer_id: null, people: [] })
// A source is named by its key; its events need a uuid.
const aggregate = (key: string) => ({ aggregate: 'intake_source', aggregateId: derivedId('intake_source', key) })

const presentSource = (ctx: Ctx, s: store.SourceRow): z.input<typeof IntakeSource> => ({
  key: s.key,
  name: s.name,
  teamId: s.team_id,
  enabled: s.enabled,
  url: `${ctx.publicUrl}/api/intake/${s.key}`,
  mappingVersion: s.mapping_version,
  secrets: s.secrets,
  waiting: s.waiting,
  lastAt: s.last_at?.toISOString() ?? null,
  rev: s.rev,
  can: can(ctx.actor, scopeOf(s), {
    edit: ['intake.manage', true],
    addSecret: ['intake.manage', true],
    addMapping: ['intake.manage', true],
  }),
})
const presentMapping = (m: store.MappingRow) => ({
  version: m.version,
  expression: m.expression,
  note: m.note,
  createdAt: m.created_at.toISOString(),
  createdBy: m.created_by_name,
})
const presentItem = (ctx: Ctx, i: store.ItemRow): z.input<typeof IntakeItem> => ({
  id: i.id,
  source: i.source,
  webhookId: i.webhook_id,
  state: i.state,
  code: i.code,
  params: i.params,
  mappingVersion: i.mapping_version,
  tries: i.tries,
  orderId: i.order_id,
  discardReason: i.discard_reason,
  receivedAt: i.received_at.toISOString(),
  decidedAt: i.decided_at?.toISOString() ?? null,
  rev: i.rev,
  can: can(ctx.actor, i, {
    replay: ['intake.handle', i.state === 'waiting'],
    discard: ['intake.handle', i.state === 'waiting'],
  }),
})

async function sourceFor(ctx: Ctx, key: string, ability: 'intake.read' | 'intake.manage', lock = false) {
  const s = await (lock ? store.lockSource : store.findSource)(ctx.db, key, ctx.now)
  if (!s) return fail('not_found')
  authorise(ctx.actor, ability, scopeOf(s), 'intake.read')
  return s
}
async function itemFor(ctx: Ctx, id: string, ability: 'intake.read' | 'intake.handle', lock = false) {
  const i = await (lock ? store.lockItem : store.findItem)(ctx.db, id)
  if (!i) return fail('not_found')
  authorise(ctx.actor, ability, i, 'intake.read')
  return i
}
const shownSource = async (ctx: Ctx, key: string) =>
  presentSource(ctx, (await store.findSource(ctx.db, key, ctx.now)) as store.SourceRow)

async function addMapping(ctx: Ctx, key: string, expression: string, note: string | null) {
  await ctx.db.run(sql`insert into intake_mappings (source, version, expression, note, created_at, created_by)
    select ${key}, coalesce(max(version), 0) + 1, ${expression}, ${note}, ${ctx.now}, ${ctx.actor.id} from intake_mappings where source = ${key}`)
  const [m] = await store.mappingsOf(ctx.db, key, 1)
  return m as store.MappingRow
}

const r = intakeRoutes
export const intake: Module = {
  name: 'intake',
  live: { intake: 'intake.read', intake_source: 'intake.read' },
  handlers: [
    implementRaw(r.intakeReceive, async (ctx, { params, body }, { request, reply, app }) => {
      const source = await store.findSource(ctx.db, params.key, ctx.now)
      if (!source?.enabled) return fail('intake_source_unknown')
      const secrets = await store.secretsOf(ctx.db, source.key, ctx.now)
      const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
      const webhookId = verifySignature(
        request.headers,
        bytes,
        secrets.map((s) => unseal(ctx.secret, s.sealed)),
        ctx.now,
      )
      const { reply: answer, duplicate } = await receive(app, ctx, source, webhookId, bytes.toString('utf8'))
      if (duplicate) reply.header('idempotent-replayed', 'true')
      return answer
    }),
    implement(r.listIntakeSources, async (ctx) => ({
      sources: (await store.listSources(ctx.db, ctx.actor, ctx.now)).map((s) => presentSource(ctx, s)),
    })),
    implement(r.getIntakeSource, async (ctx, { params }) => {
      const s = await sourceFor(ctx, params.key, 'intake.read')
      return { ...presentSource(ctx, s), mappings: (await store.mappingsOf(ctx.db, s.key)).map(presentMapping) }
    }),
    implement(r.addIntakeSource, async (ctx, { body }) => {
      authorise(ctx.actor, 'intake.manage', scopeOf({ team_id: body.teamId }), 'intake.manage')
      await ctx.db.run(sql`insert into intake_sources (key, name, team_id, created_at, changed_at, changed_by)
        values (${body.key}, ${body.name}, ${body.teamId}, ${ctx.now}, ${ctx.now}, ${ctx.actor.id})`)
      if (body.mapping) await addMapping(ctx, body.key, shippedMappings[body.mapping], null)
      await ctx.emit({
        type: 'intake_source.added',
        ...aggregate(body.key),
        payload: { key: body.key, mapping: body.mapping },
        scope: scopeOf({ team_id: body.teamId }),
      })
      return shownSource(ctx, body.key)
    }),
    implement(r.editIntakeSource, async (ctx, { params, body }) => {
      const s = await sourceFor(ctx, params.key, 'intake.manage', true)
      checkRev(ctx, s)
      await ctx.db.run(sql`update intake_sources set name = ${body.name ?? s.name}, team_id = ${body.teamId === undefined ? s.team_id : body.teamId}, enabled = ${body.enabled ?? s.enabled},
        rev = rev + 1, changed_at = ${ctx.now}, changed_by = ${ctx.actor.id} where key = ${s.key}`)
      await ctx.emit({
        type: 'intake_source.edited',
        ...aggregate(s.key),
        payload: { key: s.key, ...body },
        scope: scopeOf(s),
      })
      return shownSource(ctx, s.key)
    }),
    implementRaw(r.addIntakeSecret, async (ctx, { params }, { app }) => {
      await sourceFor(ctx, params.key, 'intake.manage')
      const secret = newSecret()
      const id = newId()
      await runCommand(app, {
        actor: ctx.actor,
        meta: { name: 'intake.addSecret', offline: false, source: 'web' },
        hashOf: null,
        keepReply: false,
        requestId: ctx.requestId,
        work: async (c) => {
          const s = await sourceFor(c, params.key, 'intake.manage', true)
          // The old ones go on for a day, so that the sender changes over without losing a delivery.
          const until = new Date(c.now.getTime() + 86_400_000)
          await c.db.run(
            sql`update intake_secrets set expires_at = ${until} where source = ${s.key} and expires_at is null`,
          )
          await c.db.run(
            sql`insert into intake_secrets (id, source, sealed, created_at, created_by) values (${id}, ${s.key}, ${seal(c.secret, secret)}, ${c.now}, ${c.actor.id})`,
          )
          await c.emit({
            type: 'intake_source.secret_added',
            ...aggregate(s.key),
            payload: { key: s.key, secretId: id },
            scope: scopeOf(s),
          })
        },
      })
      return { id, secret }
    }),
    implement(r.endIntakeSecret, async (ctx, { params }) => {
      const k = await ctx.db.maybe<{ source: string }>(sql`select source from intake_secrets where id = ${params.id}`)
      if (!k) return fail('not_found')
      const s = await sourceFor(ctx, k.source, 'intake.manage', true)
      await ctx.db.run(sql`update intake_secrets set expires_at = ${ctx.now} where id = ${params.id}`)
      await ctx.emit({
        type: 'intake_source.secret_ended',
        ...aggregate(s.key),
        payload: { key: s.key, secretId: params.id },
        scope: scopeOf(s),
      })
      return { ok: true as const }
    }),
    implement(r.addIntakeMapping, async (ctx, { params, body }) => {
      const s = await sourceFor(ctx, params.key, 'intake.manage', true)
      const fault = await checkMapping(body.expression)
      if (fault) return fail('mapping_invalid', { message: '—', ...fault.params })
      const m = await addMapping(ctx, s.key, body.expression, body.note)
      await ctx.emit({
        type: 'intake_source.mapping_added',
        ...aggregate(s.key),
        payload: { key: s.key, version: m.version },
        scope: scopeOf(s),
      })
      return presentMapping(m)
    }),
    implement(r.tryIntakeMapping, async (ctx, { params, body }) => {
      const s = await sourceFor(ctx, params.key, 'intake.manage')
      const expression = body.expression ?? (await store.mappingsOf(ctx.db, s.key, 1))[0]?.expression
      if (!expression) return { ok: false, code: 'mapping_absent', params: {} }
      const mapped = await mapPayload(expression, body.payload)
      return mapped.ok ? { ok: true, order: mapped.order, code: null, params: {} } : mapped
    }),
    implement(r.listIntakeItems, async (ctx, { query }) =>
      pageOf(
        await store.listItems(ctx.db, ctx.actor, query),
        query.limit,
        (i) => [i.received_at.toISOString(), i.id],
        (i) => presentItem(ctx, i),
      ),
    ),
    implement(r.getIntakeItem, async (ctx, { params }) => {
      const i = await itemFor(ctx, params.id, 'intake.read')
      return { ...presentItem(ctx, i), payload: i.payload }
    }),
    implementRaw(r.replayIntakeItem, async (ctx, { params }, { app }) =>
      replay(app, ctx, await itemFor(ctx, params.id, 'intake.handle')),
    ),
    implement(r.discardIntakeItem, async (ctx, { params, body }) => {
      const i = await itemFor(ctx, params.id, 'intake.handle', true)
      if (i.state !== 'waiting') fail('intake_item_settled')
      await ctx.db.run(
        sql`update intake_items set state = 'discarded', discard_reason = ${body.reason}, decided_by = ${ctx.actor.id}, decided_at = ${ctx.now}, rev = rev + 1 where id = ${i.id}`,
      )
      await ctx.emit({
        type: 'intake.discarded',
        aggregate: 'intake',
        aggregateId: i.id,
        payload: { source: i.source },
        reason: body.reason,
        scope: i,
      })
      return presentItem(ctx, (await store.findItem(ctx.db, i.id)) as store.ItemRow)
    }),
  ],
}
