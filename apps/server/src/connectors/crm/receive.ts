import type { z } from 'zod'
import type { IntakeOrderShape, Verdict } from '#contracts/intake.schema'
import {
  contractByNumber,
  findOrCreateAsset,
  findOrCreateContact,
  findOrCreateCustomer,
  findOrCreateSite,
} from '../../modules/customers'
import { receiveOrder } from '../../modules/workorders'
import type { App } from '../../platform/app'
import { runCommand } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { CodedError, fail } from '../../platform/errors'
import { derivedId, newId } from '../../platform/ids'
import type { Actor } from '../../platform/policy'
import { type Mapped, mapPayload } from './mapping'
import * as store from './store'

type Answer = z.input<typeof Verdict>
interface Fault {
  code: string
  params: Record<string, unknown>
}

/** Customer, site, contact, contract reference and order, in one transaction. */
async function take(ctx: Ctx, source: { key: string; team_id: string | null }, o: IntakeOrderShape): Promise<Answer> {
  const customer = await findOrCreateCustomer(ctx, source.key, { ...o.customer, teamId: source.team_id })
  const site = o.site ? await findOrCreateSite(ctx, customer.id, o.site) : null
  const contact = o.contact
    ? await findOrCreateContact(ctx, customer.id, { ...o.contact, siteId: site?.id ?? null })
    : null
  const asset = o.asset ? await findOrCreateAsset(ctx, customer.id, { ...o.asset, siteId: site?.id ?? null }) : null
  const contractId = o.contractRef ? await contractByNumber(ctx, customer.id, o.contractRef) : null
  const { order, created, changed } = await receiveOrder(ctx, {
    source: source.key,
    externalId: o.externalId,
    customerId: customer.id,
    fields: {
      title: o.title,
      text: o.text,
      product: o.product,
      type: o.type,
      priority: o.priority,
      siteId: site?.id ?? null,
      contactId: contact?.id ?? null,
      assetId: asset?.id ?? null,
      contractId,
      durationMin: o.durationMin,
      promise: o.promise,
    },
  })
  return {
    verdict: created ? 'created' : changed.length ? 'updated' : 'unchanged',
    orderId: order.id,
    number: order.number,
    itemId: null,
    code: null,
  }
}

async function currentMapping(
  ctx: Pick<Ctx, 'db'>,
  key: string,
): Promise<{ version: number | null; map: (payload: string) => Promise<Mapped | Fault> }> {
  const [m] = await store.mappingsOf(ctx.db, key, 1)
  if (!m) return { version: null, map: async () => ({ code: 'mapping_absent', params: {} }) }
  return { version: m.version, map: (payload) => mapPayload(m.expression, payload) }
}

/** Refusals that say nothing about the delivery: the sender tries again. */
const notAboutIt = new Set(['busy_retry', 'command_reused', 'database_unavailable', 'internal'])

/**
 * One delivery, once: the receipt of its webhook id answers a repeat. The mapping is evaluated before the transaction;
 * what it or the order refuses waits in the inbox.
 */
export async function receive(
  app: App,
  ctx: Ctx,
  source: store.SourceRow,
  webhookId: string,
  payload: string,
): Promise<{ reply: unknown; duplicate: boolean }> {
  const actor: Actor = { kind: 'integration', id: null, name: source.key, locale: 'zh-CN', grants: [] }
  const command = (work: (c: Ctx) => Promise<Answer>) =>
    runCommand(app, {
      actor,
      meta: {
        id: derivedId('intake', source.key, webhookId),
        name: 'intake.receive',
        offline: false,
        source: 'connector',
      },
      hashOf: payload,
      keepReply: true,
      requestId: ctx.requestId,
      work,
    })
  const { version, map } = await currentMapping(ctx, source.key)
  const mapped = await map(payload)
  let fault: Fault
  if ('ok' in mapped && mapped.ok) {
    try {
      return await command((c) => take(c, source, mapped.order))
    } catch (error) {
      if (!(error instanceof CodedError) || notAboutIt.has(error.code)) throw error
      fault = { code: error.code, params: error.params }
    }
  } else fault = mapped
  return command(async (c) => {
    const id = newId()
    await c.db.run(sql`insert into intake_items (id, source, webhook_id, payload, code, params, mapping_version, team_id, received_at)
      values (${id}, ${source.key}, ${webhookId}, ${payload.replaceAll('\u0000', '')}, ${fault.code}, ${JSON.stringify(fault.params)}::jsonb, ${version}, ${source.team_id}, ${c.now})`)
    await c.emit({
      type: 'intake.waiting',
      aggregate: 'intake',
      aggregateId: id,
      payload: { source: source.key, code: fault.code, mappingVersion: version },
      scope: { team_id: source.team_id, customer_id: null, people: [] },
    })
    return { verdict: 'waiting', orderId: null, number: null, itemId: id, code: fault.code }
  })
}

/** The same payload again under the mapping as it is now. */
export async function replay(app: App, ctx: Ctx, item: store.ItemRow): Promise<Answer> {
  if (item.state !== 'waiting') fail('intake_item_settled')
  const source = await store.findSource(ctx.db, item.source, ctx.now)
  if (!source) return fail('not_found')
  const { version, map } = await currentMapping(ctx, item.source)
  const mapped = await map(item.payload)
  const command = async (work: (c: Ctx) => Promise<Answer>) => {
    const { reply } = await runCommand(app, {
      actor: ctx.actor,
      meta: { name: 'intake.replay', offline: false, source: 'web' },
      hashOf: null,
      keepReply: false,
      requestId: ctx.requestId,
      work: async (c) => {
        const now = await store.lockItem(c.db, item.id)
        if (now?.state !== 'waiting') return fail('intake_item_settled')
        return work(c)
      },
    })
    return reply as Answer
  }
  const tell = (c: Ctx, type: string, payload: Record<string, unknown>) =>
    c.emit({
      type,
      aggregate: 'intake',
      aggregateId: item.id,
      payload: { source: item.source, ...payload },
      scope: item,
    })
  let fault: Fault
  if ('ok' in mapped && mapped.ok) {
    try {
      return await command(async (c) => {
        const answer = await take(c, source, mapped.order)
        await c.db.run(sql`update intake_items set state = 'replayed', order_id = ${answer.orderId}, tries = tries + 1, mapping_version = ${version}, decided_by = ${c.actor.id},
          decided_at = ${c.now}, rev = rev + 1 where id = ${item.id}`)
        await tell(c, 'intake.replayed', { orderId: answer.orderId, mappingVersion: version })
        return answer
      })
    } catch (error) {
      if (!(error instanceof CodedError) || notAboutIt.has(error.code) || error.code === 'intake_item_settled')
        throw error
      fault = { code: error.code, params: error.params }
    }
  } else fault = mapped
  return command(async (c) => {
    await c.db.run(sql`update intake_items set code = ${fault.code}, params = ${JSON.stringify(fault.params)}::jsonb, tries = tries + 1, mapping_version = ${version}, rev = rev + 1
      where id = ${item.id}`)
    await tell(c, 'intake.replay_failed', { code: fault.code, mappingVersion: version })
    return { verdict: 'waiting', orderId: null, number: null, itemId: item.id, code: fault.code }
  })
}
