// What a phone sends: actions one by one, each its own transaction with its own verdict. The batch never fails because of
// one of them.

import type { z } from 'zod'
import type { Parsed, RouteDef } from '#contracts'
import type { CommandItem } from '#contracts/platform.schema'
import type { App } from './app'
import { runCommand } from './command'
import type { Ctx } from './context'
import { admit, toCoded } from './door'
import { CodedError, fail, toProblem } from './errors'
import type { Met } from './merge'
import type { Actor } from './policy'
import { keepRefusal, settleApplied } from './refusals'

export type Item = z.output<typeof CommandItem>

/** Runs one action as the person whose phone holds it. */
export async function runItem(app: App, actor: Actor, item: Item, requestId: string) {
  const h = app.commands.get(item.command)
  if (!h || h.raw) fail('command_unknown', { command: item.command })
  admit(actor, h.route)
  const input = parseInput(h.route, item.params, item.body)
  const { reply, duplicate, conflict } = await runCommand(app, {
    actor,
    meta: {
      id: item.commandId,
      name: item.command,
      offline: item.offline ?? false,
      source: 'device',
      ...(item.baseRev !== undefined ? { baseRev: item.baseRev } : {}),
      ...(item.deviceId ? { deviceId: item.deviceId } : {}),
      ...(item.deviceSeq !== undefined ? { deviceSeq: item.deviceSeq } : {}),
      ...(item.atDevice ? { atDevice: new Date(item.atDevice) } : {}),
      ...(item.skewMs !== undefined ? { skewMs: item.skewMs } : {}),
    },
    hashOf: { params: input.params, body: input.body },
    keepReply: true,
    requestId,
    work: (c) => h.handle(c, input),
  })
  return { reply: h.route.reply ? h.route.reply.parse(reply) : reply, duplicate, conflict }
}

/** Why it did not go: the coded refusal, or `internal` for a failure of ours. */
export function refusalOf(app: App, error: unknown, requestId: string): CodedError {
  const coded = toCoded(error)
  if (!coded) app.log.error({ err: error, requestId }, 'a command of a batch failed')
  return coded ?? new CodedError('internal', { requestId })
}

interface Verdict {
  commandId: string
  verdict: 'applied' | 'duplicate' | 'refused' | 'retry'
  reply?: unknown
  problem?: unknown
  conflict?: Met
}

export async function runBatch(app: App, ctx: Ctx, items: readonly Item[]) {
  const answers: Verdict[] = []
  for (const item of items) {
    try {
      const { reply, duplicate, conflict } = await runItem(app, ctx.actor, item, ctx.requestId)
      answers.push({
        commandId: item.commandId,
        verdict: duplicate ? 'duplicate' : 'applied',
        reply,
        ...(conflict ? { conflict } : {}),
      })
    } catch (error) {
      answers.push(await refuse(app, ctx, item, refusalOf(app, error, ctx.requestId)))
    }
  }
  await settleApplied(
    app,
    answers.filter((a) => a.verdict === 'applied' || a.verdict === 'duplicate').map((a) => a.commandId),
  )
  return { items: answers, serverTime: app.clock.now().toISOString() }
}

async function refuse(app: App, ctx: Ctx, item: Item, why: CodedError): Promise<Verdict> {
  const problem = toProblem(why, ctx.actor.locale, ctx.requestId)
  if (problem.status >= 500) return { commandId: item.commandId, verdict: 'retry', problem }
  try {
    // Kept first, told afterwards: what nobody could keep stays in the outbox.
    await keepRefusal(app, ctx.actor, item, why)
    return { commandId: item.commandId, verdict: 'refused', problem }
  } catch (error) {
    const failed = toProblem(refusalOf(app, error, ctx.requestId), ctx.actor.locale, ctx.requestId)
    return { commandId: item.commandId, verdict: 'retry', problem: failed }
  }
}

function parseInput(route: RouteDef, params: unknown, body: unknown): Parsed<RouteDef> {
  const issues: { path: string; code: string; message: string }[] = []
  const read = (schema: z.ZodType | undefined, value: unknown, at: string) => {
    if (!schema) return undefined
    const r = schema.safeParse(value)
    if (r.success) return r.data
    issues.push(...r.error.issues.map((i) => ({ path: [at, ...i.path].join('.'), code: i.code, message: i.message })))
    return undefined
  }
  const out = { params: read(route.params, params, 'params'), query: undefined, body: read(route.body, body, 'body') }
  if (issues.length > 0) throw new CodedError('invalid_input', {}, issues)
  return out as Parsed<RouteDef>
}
