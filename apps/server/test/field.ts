import { ensureTemplates } from '../src/modules/documents'
import { insertEngineer } from '../src/modules/engineers'
import { offerVisit, type PlanVisit, planVisit } from '../src/modules/visits'
import { newId } from '../src/platform/ids'
import { type Client, type World, world } from './world'

/** 上海瑞金医院, as a phone (WGS-84) and as a Chinese map (GCJ-02) give it. */
export const hospital = { lat: 31.2098, lng: 121.4635, datum: 'wgs84' as const }
/** At the door, 23 m from the point in the data: a phone never meets that to the metre. */
export const goodFix = {
  ...hospital,
  lat: 31.2099647,
  lng: 121.4636412,
  accuracyM: 12.4,
  altitudeM: 9.6,
  source: 'gps',
  ageMs: 3_000,
}

export interface Field {
  w: World
  ops: Client
  dispatcher: Client
  supervisor: Client
  customerId: string
  siteId: string
  contactId: string
  assetId: string
  engineer(name?: string): Promise<Client>
  /** A triaged order at the hospital. */
  order(more?: Record<string, unknown>): Promise<{ id: string }>
  /** A visit offered to the engineer: by default today 10:00–12:00 in Shanghai, on site, 30 minutes on the way. */
  offer(engineer: Client, more?: Partial<PlanVisit>): Promise<{ id: string; orderId: string }>
  plan(more: Partial<PlanVisit> & { orderId: string }): Promise<{ id: string; orderId: string }>
  at(hour: number, minute?: number): Date
}

/** A team with a customer, for tests of what happens in the field. Without templates no document is asked for. */
export async function field(o: { templates?: boolean; world?: World } = {}): Promise<Field> {
  const w = o.world ?? (await world())
  if (o.templates) await ensureTemplates(w.db, w.clock.now())
  const ops = await w.person('operations', 'all')
  const dispatcher = await w.person('dispatcher')
  const supervisor = await w.person('supervisor')
  const customer = await ops.ok('POST /api/customers', {
    body: { name: '上海瑞金医院', shortName: '瑞金', teamId: w.teams.eastOne },
  })
  const params = { id: customer.id }
  const site = await ops.ok('POST /api/customers/:id/sites', {
    params,
    body: { name: '门诊楼机房', address: '上海市黄浦区瑞金二路197号', point: hospital, radiusM: 300 },
  })
  const contact = await ops.ok('POST /api/customers/:id/contacts', {
    params,
    body: { name: '周主任', phone: '13800138000', siteId: site.id },
  })
  const asset = await ops.ok('POST /api/customers/:id/assets', {
    params,
    body: { name: '影像服务器', serial: 'DELL-R750-0042', siteId: site.id },
  })
  const day = Date.parse('2026-11-23T00:00:00+08:00')
  const at = (hour: number, minute = 0) => new Date(day + (hour * 60 + minute) * 60_000)
  const order = async (more: Record<string, unknown> = {}) => {
    const o = await dispatcher.ok('POST /api/orders', {
      body: {
        customerId: customer.id,
        siteId: site.id,
        contactId: contact.id,
        assetId: asset.id,
        title: '影像服务器扩容',
        type: 'other',
        priority: 'normal',
        ...more,
      },
    })
    await dispatcher.ok('POST /api/orders/:id/triage', { params: { id: o.id }, body: {} })
    return { id: o.id }
  }
  const plan = (more: Partial<PlanVisit> & { orderId: string }) =>
    w.app.asSystem('test.plan', async (ctx) => {
      const v = await planVisit(ctx, { mode: 'onsite', start: at(10), end: at(12), travelMin: 30, ...more })
      return { id: v.id, orderId: v.order_id }
    })
  return {
    w,
    ops,
    dispatcher,
    supervisor,
    customerId: customer.id,
    siteId: site.id,
    contactId: contact.id,
    assetId: asset.id,
    at,
    order,
    plan,
    async engineer(name) {
      const e = await w.person('engineer', 'own', w.teams.eastOne, name)
      await insertEngineer(w.db, { userId: e.id, now: w.clock.now() })
      return e
    },
    async offer(engineer, more = {}) {
      const orderId = more.orderId ?? (await order()).id
      const v = await plan({ ...more, orderId, engineerId: engineer.id })
      await w.app.asSystem('test.offer', (ctx) => offerVisit(ctx, v.id, {}))
      return v
    },
  }
}

/** One command as the phone's outbox sends it. */
export const fromPhone = (
  command: string,
  id: string,
  body: unknown,
  o: {
    at?: Date
    seq?: number
    device?: string
    skewMs?: number
    offline?: boolean
    commandId?: string
  } = {},
) => ({
  commandId: o.commandId ?? newId(),
  command,
  params: { id },
  body: body as never,
  deviceId: o.device ?? 'phone-1',
  ...(o.seq !== undefined ? { deviceSeq: o.seq } : {}),
  ...(o.at ? { atDevice: o.at.toISOString() } : {}),
  skewMs: o.skewMs ?? 0,
  offline: o.offline ?? false,
})
