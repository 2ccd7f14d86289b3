// The demo's people at work: each does what a person does at a screen, through the product's own commands.

import { documentsFor, signDocument } from '../src/modules/documents'
import { contentHash, fieldsOf, missing } from '../src/modules/documents/rules'
import { actorsOf } from '../src/modules/people'
import { openLists } from '../src/modules/worksheets/sheet'
import * as store from '../src/modules/worksheets/store'
import type { App } from '../src/platform/app'
import { runCommand } from '../src/platform/command'
import type { Ctx } from '../src/platform/context'
import { sql, wrap } from '../src/platform/database/pool'
import { type Actor, systemActor } from '../src/platform/policy'
import { Phone } from './builders/phone'
import { Rng } from './story/rng'
import { plainAnswers } from './worksheets'

export interface Sent {
  params?: Record<string, unknown>
  body?: unknown
  /** A phone's command: which, and when it says that it happened. */
  device?: { id: string; at: Date }
  source?: string
  /** The same command again is answered, not repeated. */
  commandId?: string
}

interface Signer {
  name: string
  title: string | null
}

export class Hands {
  #actors: Map<string, Actor> | null = null
  readonly #sent = new Map<string, number>()
  readonly #phones = new Map<string, Phone>()

  constructor(readonly app: App) {}

  get read(): Ctx {
    return this.app.readContext(systemActor)
  }

  async person(id: string): Promise<Actor> {
    this.#actors ??= new Map((await actorsOf(this.read.db, {})).map((a) => [a.id as string, a]))
    const actor = this.#actors.get(id)
    if (!actor) throw new Error(`nobody has the id ${id}`)
    return actor
  }

  customer(contactId: string | null, name: string): Actor {
    return { kind: 'link', id: contactId, name, locale: 'zh-CN', grants: [] }
  }

  /** One route's command as this actor sends it. */
  async does(actor: Actor, command: string, sent: Sent): Promise<unknown> {
    const known = this.app.commands.get(command)
    if (!known) throw new Error(`no command ${command}`)
    const { route } = known
    const device = sent.device
    const plain = JSON.parse(JSON.stringify(sent.body ?? {})) as Record<string, unknown>
    const body =
      command === 'visit.checkIn' && device
        ? { ...plain, proof: await this.#prove(actor, device, sent.params?.id as string, plain) }
        : plain
    const input = {
      params: route.params ? route.params.parse(sent.params ?? {}) : {},
      query: {},
      body: route.body ? route.body.parse(body) : undefined,
    }
    const { reply } = await runCommand(this.app, {
      actor,
      meta: {
        ...(sent.commandId ? { id: sent.commandId } : {}),
        name: command,
        offline: false,
        source: sent.source ?? (device ? 'field' : 'web'),
        ...(device
          ? { deviceId: device.id, deviceSeq: await this.#next(device.id), atDevice: device.at, skewMs: 0 }
          : {}),
      },
      hashOf: { params: sent.params ?? {}, body: sent.body ?? {} },
      keepReply: false,
      requestId: 'demo',
      work: (ctx) => known.handle(ctx, input as never),
    })
    return reply
  }

  /** Signs a check-in with the phone's key, as the product's page does; registers the phone and fetches numbers first. */
  async #prove(actor: Actor, device: { id: string; at: Date }, visitId: string, body: Record<string, unknown>) {
    let phone = this.#phones.get(device.id)
    if (!phone) {
      phone = new Phone(device.id)
      this.#phones.set(device.id, phone)
      await this.does(actor, 'device.register', { body: { deviceId: device.id, publicKey: phone.publicKey } }).catch(
        // A colleague's phone stays the colleague's: the check-in says so.
        () => {},
      )
    }
    if (phone.nonces.length === 0) {
      const { nonces } = (await this.does(actor, 'nonce.issue', { body: { deviceId: device.id, held: [] } })) as {
        nonces: { id: string }[]
      }
      phone.nonces = nonces.map((n) => n.id)
    }
    return phone.prove({ visitId, at: device.at, fix: body.fix ?? null })
  }

  /** What has no route of its own (a link's visitor, another system): the function that the route would call. */
  async within<T>(actor: Actor, name: string, source: string, work: (ctx: Ctx) => Promise<T>): Promise<T> {
    return this.app.asSystem(name, work, { actor, source })
  }

  async #next(device: string): Promise<number> {
    let last = this.#sent.get(device)
    if (last === undefined) {
      const row = await wrap(this.app.pool).maybe<{ n: number | null }>(
        sql`select max(device_seq) as n from events where device_id = ${device}`,
      )
      last = row?.n ?? 0
    }
    this.#sent.set(device, last + 1)
    return last + 1
  }

  /** Fills what the visit's papers still ask for, as far as nobody has. */
  async fillPapers(actor: Actor, visitId: string, device: Sent['device'], told: Record<string, unknown> | null) {
    for (const d of await documentsFor(this.read, visitId)) {
      if (d.state === 'signed') continue
      const values = { ...plainValues(d.body), ...d.values, ...fitting(d.body, told) }
      if (missing(d.body, values).length > 0) continue
      await this.does(actor, 'document.fill', { params: { id: d.id }, body: { values }, ...(device ? { device } : {}) })
    }
  }

  /** Answers what the visit's checklists still ask for. */
  async fillChecks(actor: Actor, visitId: string, device: Sent['device']) {
    const sheet = await store.find(this.read.db, visitId)
    if (!sheet) return
    const [whole] = await store.whole(this.read.db, [sheet])
    for (const l of openLists(whole as store.Sheet)) {
      const rng = new Rng(`hands/${visitId}`)
      const values = plainAnswers(l.body, l.values, rng, { serial: null, failing: false })
      for (const [item, value] of Object.entries(values))
        await this.does(actor, 'worksheet.answer', {
          params: { id: visitId },
          body: { checklistId: l.checklistId, item, value },
          ...(device ? { device } : {}),
        })
    }
  }

  /** The customer signs what is complete, on the engineer's phone. */
  async sign(actor: Actor, visitId: string, device: Sent['device'], signer: Signer, image: string) {
    for (const { id, hash } of await this.#signable(visitId))
      await this.does(actor, 'document.sign', {
        params: { id },
        body: { expectedHash: hash, signerName: signer.name, signerTitle: signer.title, image },
        ...(device ? { device } : {}),
      })
  }

  /** The same on the customer's own screen. */
  async signByLink(customer: Actor, visitId: string, signer: Signer, image: string) {
    for (const { id, hash } of await this.#signable(visitId)) {
      const signed = { expectedHash: hash, signerName: signer.name, signerTitle: signer.title, image }
      await this.within(customer, 'link.sign', 'link', (ctx) => signDocument(ctx, id, { ...signed, method: 'link' }))
    }
  }

  async #signable(visitId: string): Promise<{ id: string; hash: string }[]> {
    const documents = await documentsFor(this.read, visitId)
    return documents
      .filter((d) => d.state !== 'signed' && missing(d.body, d.values).length === 0)
      .map((d) => ({
        id: d.id,
        hash: contentHash({
          templateKey: d.template_key,
          templateVersion: d.template_version,
          values: d.values,
          facts: d.facts,
        }),
      }))
  }
}

type Body = Parameters<typeof fieldsOf>[0]

/** What somebody in a hurry writes into the required fields. */
export function plainValues(body: Body): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const f of fieldsOf(body)) {
    if (!f.required || f.type === 'fact') continue
    if (f.type === 'check') out[f.key] = true
    else if (f.type === 'number') out[f.key] = f.min ?? 1
    else if (f.type === 'choice') out[f.key] = f.options?.[0]?.value
    else if (f.type === 'table')
      out[f.key] = [Object.fromEntries((f.columns ?? []).map((c) => [c.key, c.required ? '见设备清单' : '']))]
    else if (f.type !== 'photos') out[f.key] = plainWords[f.key] ?? '已按要求完成，现场确认正常'
  }
  return out
}

const plainWords: Record<string, string> = {
  finding: '与报修描述一致，已定位原因',
  work_done: '按流程处理并复测，客户确认恢复正常',
  software_version: 'V4.2.1',
  topics: '日常操作、常见问题处理与账号管理',
}

const fitting = (body: Body, values: Record<string, unknown> | null): Record<string, unknown> => {
  const keys = new Set(fieldsOf(body).map((f) => f.key))
  return Object.fromEntries(Object.entries(values ?? {}).filter(([key]) => keys.has(key)))
}
