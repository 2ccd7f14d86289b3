// The stage on which check-ins are played: real commands on a real database, with phones that sign, hold numbers and keep
// their own time. Each scenario has an engineer, a phone and an order of its own.

import { chooseFix, type Seen, watchOf } from '#lifecycle'
import { Phone } from '../../seed/builders/phone'
import { Rng } from '../../seed/story/rng'
import { insertEngineer } from '../../src/modules/engineers'
import { actorsOf, hashPassword, insertUser, replaceGrants } from '../../src/modules/people'
import { runCommand } from '../../src/platform/command'
import { sql } from '../../src/platform/database/pool'
import { newId } from '../../src/platform/ids'
import type { Actor } from '../../src/platform/policy'
import { type Field, field } from '../field'
import type { Place } from './nature'

export interface StageSite extends Place {
  id: string
  radiusM: number
}

export interface Graded {
  grade: 'A' | 'B' | 'C' | 'D'
  reasons: { code: string; params: Record<string, unknown> }[]
}

/** What a phone sends; `mend` alters the request after it was signed, as a proxy between phone and server would. */
export interface Tap {
  seen?: readonly Seen[]
  /** Instead of what was chosen from `seen`. */
  fix?: Record<string, unknown> | null
  hardware?: Record<string, unknown>
  clockJumpMs?: number
  code?: { kind: 'customer' | 'site_qr'; value: string }
  photos?: string[]
  mend?: (body: Record<string, unknown>) => Record<string, unknown>
  offline?: boolean
  /** The phone's clock minus the true one, and what it knows of that. */
  clockMs?: number
  skewMs?: number
}

const minute = 60_000

/** Cities with a site each, as maps give them (GCJ-02) or as a phone measured them (WGS-84). */
const cities: { name: string; lat: number; lng: number; datum: 'wgs84' | 'gcj02'; radiusM: number }[] = [
  { name: '上海', lat: 31.2304162, lng: 121.4737013, datum: 'wgs84', radiusM: 300 },
  { name: '北京', lat: 39.9087234, lng: 116.3974817, datum: 'gcj02', radiusM: 250 },
  { name: '成都', lat: 30.6598431, lng: 104.0633921, datum: 'gcj02', radiusM: 300 },
  { name: '深圳', lat: 22.5430961, lng: 114.0578647, datum: 'wgs84', radiusM: 200 },
]

export class Stage {
  readonly sites: StageSite[] = []
  #n = 0

  private constructor(
    readonly f: Field,
    readonly password: string,
  ) {}

  static async open(
    toWgs: (p: Place & { datum: 'wgs84' | 'gcj02' }) => Place,
    o: Parameters<typeof field>[0] = {},
  ): Promise<Stage> {
    const f = await field(o)
    const stage = new Stage(f, await hashPassword('trust'))
    for (const c of cities) {
      const { id } = await f.ops.ok('POST /api/customers/:id/sites', {
        params: { id: f.customerId },
        body: {
          name: `${c.name}机房`,
          address: `${c.name}市`,
          point: { lat: c.lat, lng: c.lng, datum: c.datum },
          radiusM: c.radiusM,
        },
      })
      stage.sites.push({ id, ...toWgs(c), radiusM: c.radiusM })
    }
    return stage
  }

  /** A scenario on a morning of its own; nothing of one shows in another. */
  async scene(rng: Rng): Promise<Scene> {
    this.f.w.clock.advance(24 * 60)
    return Scene.set(this, rng, ++this.#n)
  }

  close() {
    return this.f.w.close()
  }
}

export class Scene {
  seq = 0

  private constructor(
    readonly stage: Stage,
    readonly rng: Rng,
    readonly actor: Actor,
    readonly phone: Phone,
    readonly site: StageSite,
  ) {}

  get now() {
    return this.stage.f.w.clock.now().getTime()
  }
  wait(minutes: number) {
    this.stage.f.w.clock.advance(minutes)
  }

  static async set(stage: Stage, rng: Rng, n: number): Promise<Scene> {
    const scene = new Scene(
      stage,
      rng,
      await Scene.person(stage, `工程师${n}`),
      new Phone(newId()),
      rng.pick(stage.sites),
    )
    await scene.ready(scene.actor, scene.phone)
    return scene
  }

  static async person(stage: Stage, name: string): Promise<Actor> {
    const { w } = stage.f
    const id = newId()
    await insertUser(w.db, {
      id,
      userName: `e.${id.slice(-10)}`,
      name,
      phone: null,
      teamId: w.teams.eastOne,
      passwordHash: stage.password,
      now: w.clock.now(),
      by: null,
      demo: true,
    })
    await replaceGrants(w.db, id, [{ role: 'engineer', scope: 'own', refId: null }])
    await insertEngineer(w.db, { userId: id, now: w.clock.now() })
    return (await actorsOf(w.db, { ids: [id] }))[0] as Actor
  }

  /** Registers the phone and fills its numbers, as the product does when it is opened with a network. */
  async ready(actor: Actor, phone: Phone) {
    await this.does(actor, phone, 'device.register', {}, { deviceId: phone.id, publicKey: phone.publicKey })
    const { nonces } = (await this.does(actor, phone, 'nonce.issue', {}, { deviceId: phone.id, held: [] })) as {
      nonces: { id: string }[]
    }
    phone.nonces = nonces.map((n) => n.id)
  }

  async does(
    actor: Actor,
    phone: Phone,
    command: string,
    params: Record<string, unknown>,
    body: unknown,
    o: { offline?: boolean; at?: number; skewMs?: number } = {},
  ): Promise<unknown> {
    const { app } = this.stage.f.w
    const known = app.commands.get(command)
    if (!known) throw new Error(`no command ${command}`)
    const input = {
      params: known.route.params ? known.route.params.parse(params) : {},
      query: {},
      body: known.route.body ? known.route.body.parse(JSON.parse(JSON.stringify(body))) : undefined,
    }
    const { reply } = await runCommand(app, {
      actor,
      meta: {
        name: command,
        source: 'device',
        offline: o.offline ?? false,
        deviceId: phone.id,
        deviceSeq: ++this.seq,
        atDevice: new Date(o.at ?? this.now),
        skewMs: o.skewMs ?? 0,
      },
      hashOf: input,
      keepReply: false,
      requestId: 'trust',
      work: (ctx) => known.handle(ctx, input as never),
    })
    return reply
  }

  /** A visit of this engineer at the site, taken. */
  async visit(actor = this.actor, phone = this.phone): Promise<{ id: string }> {
    const { f } = this.stage
    const order = await f.order({ siteId: this.site.id })
    const start = new Date(this.now + 60 * minute)
    const v = await f.offer({ id: actor.id } as never, {
      orderId: order.id,
      start,
      end: new Date(start.getTime() + 60 * minute),
      travelMin: 10,
    })
    await this.does(actor, phone, 'visit.take', { id: v.id }, {})
    return v
  }

  depart(visit: { id: string }, fix?: Seen) {
    const sent = fix ? { fix: fixOf(fix, fix.at) } : {}
    return this.does(this.actor, this.phone, 'visit.depart', { id: visit.id }, sent)
  }

  /** The work is over, so that the next visit finds time and place free. */
  async leave(visit: { id: string }, actor = this.actor, phone = this.phone) {
    await this.does(actor, phone, 'visit.abort', { id: visit.id }, { reason: '结束' })
  }

  async codeOf(visit: { id: string }): Promise<string> {
    const row = await this.stage.f.w.db.one<{ arrival_code: string }>(
      sql`select arrival_code from visits where id = ${visit.id}`,
    )
    return row.arrival_code
  }

  /** Declares a photo by its hash. */
  async photo(visit: { id: string }, sha256: string): Promise<string> {
    const id = newId()
    await this.does(
      this.actor,
      this.phone,
      'evidence.declare',
      { id: visit.id },
      {
        id,
        kind: 'photo',
        sha256,
        bytes: 300_000,
        takenAt: new Date(this.now).toISOString(),
      },
    )
    return id
  }

  /** Checks in as the product's page does: chooses the fix, sums up what it saw, signs, sends. */
  async checkIn(visit: { id: string }, tap: Tap, actor = this.actor, phone = this.phone): Promise<Graded> {
    const at = this.now + (tap.clockMs ?? 0)
    const seen = tap.seen ?? []
    const best = chooseFix(seen, this.now)
    const fix = tap.fix === undefined ? (best ? fixOf(best, this.now) : null) : tap.fix
    const watch = watchOf(seen)
    const body: Record<string, unknown> = {
      ...(fix ? { fix } : {}),
      photoIds: tap.photos ?? [],
      ...(tap.code ? { code: tap.code } : {}),
      ...(watch ? { watch } : {}),
      ...(tap.hardware ? { hardware: tap.hardware } : {}),
      clockJumpMs: tap.clockJumpMs ?? 0,
      proof: phone.prove({ visitId: visit.id, at: new Date(at), fix, code: tap.code ?? null }),
    }
    const sent = tap.mend ? tap.mend(body) : body
    if (tap.offline) this.wait(this.rng.int(20, 90))
    const reply = (await this.does(actor, phone, 'visit.checkIn', { id: visit.id }, sent, {
      offline: tap.offline ?? false,
      at,
      skewMs: tap.skewMs ?? 0,
    })) as { checkIn: Graded | null }
    if (!reply.checkIn) throw new Error('the check-in met a conflict')
    return reply.checkIn
  }
}

/** A position as the page sends it. */
export const fixOf = ({ at, ...s }: Seen, now: number) => ({
  ...s,
  datum: 'wgs84' as const,
  source: 'browser',
  ageMs: Math.max(0, Math.round(now - at)),
})

export const rngOf = (seed: number, kind: string, i: number) => new Rng(`trust/${seed}/${kind}/${i}`)
