import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dingtalkGroup, feishuGroup, mailServerAt, pushService, wecomGroup } from '../../../test/vendors'
import { type Client, type World, world } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'
import { type Tell, tell } from './index'

let w: World
let ops: Client
let li: Client
let wang: Client
let push: Awaited<ReturnType<typeof pushService>>
let mail: Awaited<ReturnType<typeof mailServerAt>>
const now = () => w.clock.now()

beforeAll(async () => {
  w = await world({ outboundAllow: ['127.0.0.1'] })
  ops = await w.person('operations', 'all')
  li = await w.person('engineer', 'own', w.teams.eastOne, '李工')
  wang = await w.person('engineer', 'own', w.teams.eastTwo, '王工')
  push = await pushService(now)
  mail = await mailServerAt()
  await ops.ok('PUT /api/notice-settings/mail', {
    body: {
      enabled: true,
      host: '127.0.0.1',
      port: mail.port,
      security: 'none',
      user: 'oa',
      password: 'pass',
      from: '驻场 <oa@example.com>',
    },
  })
  const mine = await li.ok('GET /api/notices/preferences')
  push.state.applicationServerKey = mine.channels.push.publicKey
  await li.ok('POST /api/notices/push-subscriptions', {
    body: { endpoint: push.url, keys: push.keys, label: '华为 P60' },
  })
  await wang.ok('PUT /api/notices/preferences', {
    body: { email: 'wang@example.com', switches: { talk: { email: true } }, quiet: null, zone: null, away: null },
  })
})
afterAll(async () => {
  await push.close()
  await mail.close()
  await w.close()
})
beforeEach(() => {
  push.received.length = 0
  mail.received.length = 0
})

const say = (t: Partial<Tell> & { userIds: string[] }) =>
  w.app.asSystem('test', (ctx) =>
    tell(ctx, {
      code: 'mentioned',
      params: { by: '张伟', title: '换交换机', excerpt: '请带 RJ45 头' },
      subject: { kind: 'order', id: newId() },
      ...t,
    }),
  )
const run = async (minutes = 0) => {
  w.clock.advance(minutes)
  await w.db.run(sql`select graphile_worker.add_job('notices:sweep')`)
  await w.settle()
}
const log = async (query = {}) => (await ops.ok('GET /api/deliveries', { query })).rows

describe('a push', () => {
  it('arrives encrypted for the device, signed by us, in the reader’s words and with its deep link', async () => {
    const visit = newId()
    await say({
      userIds: [li.id],
      code: 'visit_offered',
      urgency: 'urgent',
      subject: { kind: 'visit', id: visit },
      params: {
        start: '2026-11-23T06:00:00Z',
        end: '2026-11-23T08:00:00Z',
        customerName: '星海医院',
        title: '换交换机',
      },
    })
    await run()
    expect(push.received).toEqual([])
    await run(1)
    expect(push.received).toMatchObject([
      {
        payload: {
          title: '新派单',
          body: '11月23日 周一 14:00–16:00 · 星海医院 · 换交换机',
          url: `http://localhost/m/visits/${visit}`,
          tag: `visit_offered:${visit}`,
        },
        urgency: 'high',
        ttl: 3600,
      },
    ])
    expect(push.received[0]?.topic).toMatch(/^[\w-]{1,32}$/)
  })

  it('is not sent when it was read in the app in the meantime', async () => {
    await say({ userIds: [li.id] })
    await li.ok('POST /api/notices/read', { body: {} })
    await run(1)
    expect(push.received).toEqual([])
    expect((await log())[0]).toMatchObject({
      state: 'skipped',
      why: 'read',
      person: { name: '李工' },
      target: '华为 P60',
    })
  })

  it('said twice about the same thing is one with a count, in the inbox and on the phone', async () => {
    const subject = { kind: 'order', id: newId() }
    await say({ userIds: [li.id], subject })
    await say({ userIds: [li.id], subject, params: { by: '张伟', title: '换交换机', excerpt: '还有光纤' } })
    const inbox = await li.ok('GET /api/notices', { query: { unread: 'true' } })
    expect(inbox.rows[0]).toMatchObject({ count: 2, params: { excerpt: '还有光纤' } })
    await run(1)
    expect(push.received).toHaveLength(1)
    await run(15)
    await say({ userIds: [li.id], subject })
    await run(1)
    expect(push.received).toHaveLength(2)
    await li.ok('POST /api/notices/read', { body: {} })
  })

  it('waits for the morning at night, an urgent offer does not', async () => {
    const night = new Date('2026-11-23T15:00:00Z')
    w.clock.at = night
    await say({ userIds: [li.id] })
    await say({ userIds: [li.id], code: 'visit_offered', urgency: 'urgent', params: {} })
    await run(5)
    expect(push.received.map((p) => p.payload.title)).toEqual(['新派单'])
    expect((await log({ state: 'queued' }))[0]).toMatchObject({ why: 'quiet_hours', dueAt: '2026-11-23T23:00:00.000Z' })
    w.clock.at = new Date('2026-11-23T23:00:00Z')
    await run()
    expect(push.received.map((p) => p.payload.title)).toEqual(['新派单', '有人提到你'])
    await li.ok('POST /api/notices/read', { body: {} })
  })

  it('is tried again when the service fails, as late as it asks, and arrives once', async () => {
    push.next.push(500, 429)
    await say({ userIds: [li.id] })
    await run(1)
    expect((await log())[0]).toMatchObject({ state: 'queued', why: 'retry', attempts: 1 })
    await run(2)
    expect((await log())[0]).toMatchObject({ state: 'queued', attempts: 2 })
    await run(1)
    expect(push.received).toEqual([])
    await run(2)
    expect(push.received).toHaveLength(1)
    expect((await log())[0]).toMatchObject({ state: 'sent', attempts: 3 })
    await li.ok('POST /api/notices/read', { body: {} })
  })

  it('to a browser that has given it up ends the subscription', async () => {
    push.state.gone = true
    await say({ userIds: [li.id] })
    await run(1)
    expect((await log())[0]).toMatchObject({ state: 'skipped', why: 'gone', can: { retry: false } })
    expect((await li.ok('GET /api/notices/preferences')).subscriptions).toEqual([])
    push.state.gone = false
    await li.ok('POST /api/notices/push-subscriptions', {
      body: { endpoint: push.url, keys: push.keys, label: '华为 P60' },
    })
    await li.ok('POST /api/notices/read', { body: {} })
  })

  it('sent by a server that died before it could say so is sent again: the device shows it once', async () => {
    await say({ userIds: [li.id] })
    await w.db.run(
      sql`update deliveries set state = 'sending', attempts = 1, lease_until = ${now()}::timestamptz + interval '1 minute' where state = 'queued'`,
    )
    await run(0)
    expect(push.received).toEqual([])
    await run(2)
    expect(push.received).toHaveLength(1)
    await run(5)
    expect(push.received).toHaveLength(1)
    await li.ok('POST /api/notices/read', { body: {} })
  })
})

describe('a mail', () => {
  it('comes with subject, text and page, after a while, if it was not read', async () => {
    await say({ userIds: [wang.id] })
    await run(29)
    expect(mail.received).toEqual([])
    await run(1)
    const [m] = mail.received
    expect(m).toMatchObject({ to: ['wang@example.com'], from: 'oa@example.com' })
    expect(m?.raw).toMatch(/Content-Type: text\/html/)
    expect(m?.raw).toMatch(/Auto-Submitted: auto-generated/)
    const [d] = await log({ channel: 'email' })
    expect(m?.raw).toContain(`Message-ID: <${d?.id}@localhost>`)
    expect(d?.target).toBe('w***@example.com')
  })

  it('is tried later when the server is busy, and fails at once for a mailbox that is none', async () => {
    mail.state.busy = 1
    await say({ userIds: [wang.id] })
    await run(30)
    expect((await log({ channel: 'email' }))[0]).toMatchObject({ state: 'queued', why: 'retry' })
    await run(2)
    expect(mail.received).toHaveLength(1)
    const { deliveryId } = await ops.ok('POST /api/notice-settings/mail/test', { body: { to: 'nobody@example.com' } })
    await run()
    const failed = await ops.ok('GET /api/deliveries/:id', { params: { id: deliveryId } })
    expect(failed).toMatchObject({ state: 'failed', why: 'not_found', target: 'n***@example.com' })
    expect(JSON.stringify(failed)).not.toContain('nobody@')
    expect(failed.detail).toMatch(/550|No such user/)
  })

  it('with a wrong password says so to whoever tests it, and operations hear of a real failure', async () => {
    const before = {
      enabled: true,
      host: '127.0.0.1',
      port: mail.port,
      security: 'none' as const,
      user: 'oa',
      from: 'oa@example.com',
    }
    await ops.ok('PUT /api/notice-settings/mail', { body: { ...before, password: 'wrong' } })
    await say({ userIds: [wang.id] })
    await run(30)
    expect((await log({ channel: 'email' }))[0]).toMatchObject({
      state: 'failed',
      why: 'signature',
      can: { retry: true },
    })
    const [told] = (await ops.ok('GET /api/notices')).rows
    expect(told).toMatchObject({
      code: 'delivery_failed',
      params: { channel: 'email', why: 'signature' },
      group: 'operations',
    })
    await ops.ok('PUT /api/notice-settings/mail', { body: { ...before, password: 'pass' } })
    const [d] = await log({ channel: 'email' })
    await ops.ok('POST /api/deliveries/:id/retry', { params: { id: d?.id as string } })
    await run()
    expect(mail.received).toHaveLength(1)
    expect(await ops.refused('POST /api/deliveries/:id/retry', { params: { id: d?.id as string } })).toBe(
      'delivery_not_over',
    )
    expect(
      JSON.stringify(await w.db.query(sql`select payload from events where type = 'notice.mail_set'`)),
    ).not.toContain('pass"')
  })

  it('collects the quiet ones once a day', async () => {
    await wang.ok('POST /api/notices/read', { body: {} })
    w.clock.at = new Date('2026-11-25T02:00:00Z')
    for (let i = 0; i < 3; i++) await say({ userIds: [wang.id], urgency: 'quiet' })
    await run(60)
    expect(mail.received).toEqual([])
    w.clock.at = new Date('2026-11-26T00:30:00Z')
    await run()
    expect(mail.received).toHaveLength(1)
    expect((await log({ channel: 'email' }))[0]).toMatchObject({ code: 'notice_digest', state: 'sent' })
  })
})

describe('a group robot', () => {
  const robot = (vendor: 'dingtalk' | 'feishu' | 'wecom', webhook: string, secret: string | null, more = {}) =>
    ops.ok('POST /api/notice-robots', {
      body: { vendor, name: `${vendor} 群`, webhook, secret, codes: ['project_at_risk'], ...more },
    })
  const risk = (userIds = [li.id], about: Tell['about'] = undefined) =>
    say({
      userIds,
      code: 'project_at_risk',
      params: { name: '星海二期' },
      subject: { kind: 'project', id: newId() },
      urgency: 'urgent',
      ...(about ? { about } : {}),
    })
  beforeEach(() => {
    w.clock.at = new Date(Math.max(now().getTime(), Date.parse('2026-11-27T02:00:00Z')))
  })
  const off = (id: string) => ops.ok('DELETE /api/notice-robots/:id', { params: { id } })

  it('of each vendor hears what it asked for, rightly signed', async () => {
    const [ding, lark, wx] = [await dingtalkGroup(now), await feishuGroup(now), await wecomGroup(now)]
    const made = [
      await robot('dingtalk', ding.url, 'SECfake'),
      await robot('feishu', lark.url, 'feishu-secret'),
      await robot('wecom', wx.url, null),
    ]
    expect(JSON.stringify(made)).not.toContain('SECfake')
    await risk()
    await say({ userIds: [li.id] })
    await run()
    expect(ding.received).toMatchObject([{ msgtype: 'actionCard', actionCard: { title: '项目有风险' } }])
    expect(ding.received[0]?.actionCard.singleURL).toMatch(/^http:\/\/localhost\/projects\//)
    expect(ding.received[0]?.actionCard.text).toContain('李工')
    expect(lark.received).toMatchObject([
      { msg_type: 'interactive', card: { header: { title: { content: '项目有风险' } } } },
    ])
    expect(wx.received[0]?.markdown.content).toContain('星海二期')
    const stored = await w.db.query<{ webhook: Buffer; secret: Buffer | null }>(
      sql`select webhook, secret from notice_robots`,
    )
    for (const s of stored) expect(s.webhook.toString('latin1')).not.toContain('http')
    for (const r of made) await off(r.id)
    await Promise.all([ding.close(), lark.close(), wx.close()])
  })

  it('says in the log what the vendor refused', async () => {
    const [ding, lark, wx] = [await dingtalkGroup(now), await feishuGroup(now), await wecomGroup(now)]
    const made = [
      await robot('dingtalk', ding.url, 'SECwrong'),
      await robot('feishu', lark.url, 'wrong'),
      await robot('wecom', wx.url.replace('right', 'wrong'), null),
    ]
    await risk()
    await run()
    const rows = await Promise.all(made.map(async (r) => (await log({ robotId: r.id }))[0]))
    expect(rows.map((d) => [d?.state, d?.why, d?.detail?.split(' ')[0]])).toEqual([
      ['failed', 'signature', '310000'],
      ['failed', 'signature', '19021'],
      ['failed', 'not_found', '93000'],
    ])
    for (const r of made) await off(r.id)
    await Promise.all([ding.close(), lark.close(), wx.close()])
  })

  it('keeps to twenty a minute and loses nothing', async () => {
    const wx = await wecomGroup(now)
    const r = await robot('wecom', wx.url, null)
    for (let i = 0; i < 45; i++) await risk()
    await run()
    expect(wx.received).toHaveLength(20)
    expect((await ops.ok('GET /api/notice-robots')).robots[0]).toMatchObject({ waiting: 25 })
    await run(2)
    expect(wx.received).toHaveLength(40)
    await run(2)
    expect(wx.received).toHaveLength(45)
    expect((await log({ robotId: r.id, state: 'failed' })).length).toBe(0)
    await off(r.id)
    await wx.close()
  })

  it('rests when the vendor says that it was too much, whoever else has used the group', async () => {
    const ding = await dingtalkGroup(now)
    const r = await robot('dingtalk', ding.url, 'SECfake')
    ding.next.push(429)
    await risk()
    await risk()
    await run()
    expect(ding.received).toHaveLength(0)
    expect((await ops.ok('GET /api/notice-robots')).robots[0]?.throttledUntil).not.toBeNull()
    await run(9)
    expect(ding.received).toHaveLength(0)
    await run(3)
    expect(ding.received).toHaveLength(2)
    await off(r.id)
    await ding.close()
  })

  it('is not told twice by a server that died in mid-sentence: the log says that nobody knows', async () => {
    const ding = await dingtalkGroup(now)
    const r = await robot('dingtalk', ding.url, 'SECfake')
    await risk()
    await w.db.run(
      sql`update deliveries set state = 'sending', attempts = 1, lease_until = ${now()} where robot_id = ${r.id}`,
    )
    await run(2)
    expect(ding.received).toHaveLength(0)
    const [d] = await log({ robotId: r.id })
    expect(d).toMatchObject({ state: 'unknown', why: 'interrupted', can: { retry: true } })
    await ops.ok('POST /api/deliveries/:id/retry', { params: { id: d?.id as string } })
    await Promise.all([run(), run()])
    expect(ding.received).toHaveLength(1)
    await off(r.id)
    await ding.close()
  })

  it('belongs to a team and a kind of order', async () => {
    const wx = await wecomGroup(now)
    const r = await robot('wecom', wx.url, null, { teamIds: [w.teams.east], orderTypes: ['repair'] })
    await risk([li.id], { teamId: w.teams.eastOne, orderType: 'repair' })
    await risk([li.id], { teamId: w.teams.eastOne, orderType: 'install' })
    await risk([li.id], { teamId: w.teams.northOne, orderType: 'repair' })
    await run()
    expect(wx.received).toHaveLength(1)
    await off(r.id)
    await wx.close()
  })

  it('in our own network is never called, and a test button says why', async () => {
    const r = await robot('wecom', 'http://10.0.0.7/cgi-bin/webhook/send?key=x', null, { enabled: false })
    const { deliveryId } = await ops.ok('POST /api/notice-robots/:id/test', { params: { id: r.id } })
    await run()
    expect(await ops.ok('GET /api/deliveries/:id', { params: { id: deliveryId } })).toMatchObject({
      state: 'failed',
      why: 'blocked',
    })
    expect(
      await ops.refused('POST /api/notice-robots', {
        body: { vendor: 'wecom', name: 'x', webhook: 'http://a.b/', codes: ['nonsense'] },
      }),
    ).toBe('robot_code_unknown')
    await off(r.id)
  })
})

describe('what a person wants', () => {
  it('decides: off is off, vacation is vacation, and each hears only of himself', async () => {
    await li.ok('PUT /api/notices/preferences', {
      body: { email: null, switches: { talk: { push: false } }, quiet: null, zone: null, away: null },
    })
    expect(await say({ userIds: [li.id] })).toEqual({ queued: 0, why: 'off' })
    const at = now()
    await li.ok('PUT /api/notices/preferences', {
      body: {
        email: null,
        switches: {},
        quiet: { from: '12:00', to: '13:00' },
        zone: 'Asia/Urumqi',
        away: { from: new Date(at.getTime() - 1).toISOString(), to: new Date(at.getTime() + 86_400_000).toISOString() },
      },
    })
    expect(await say({ userIds: [li.id], urgency: 'urgent' })).toEqual({ queued: 0, why: 'away' })
    expect(
      await li.refused('PUT /api/notices/preferences', {
        body: {
          email: null,
          switches: {},
          quiet: null,
          zone: null,
          away: { from: at.toISOString(), to: at.toISOString() },
        },
      }),
    ).toBe('time_order')
    const [s] = (await li.ok('GET /api/notices/preferences')).subscriptions
    await wang.ok('DELETE /api/notices/push-subscriptions/:id', { params: { id: s?.id as string } })
    expect((await li.ok('GET /api/notices/preferences')).subscriptions).toHaveLength(1)
    expect(await li.refused('GET /api/deliveries')).toBe('forbidden')
    expect(await wang.refused('POST /api/notices/test', { body: { channel: 'push' } })).toBe('channel_not_connected')
  })

  it('can be tried out', async () => {
    const { deliveryIds } = await li.ok('POST /api/notices/test', { body: { channel: 'push' } })
    await run()
    expect(push.received).toMatchObject([{ payload: { title: '测试通知' } }])
    const mine = { params: { id: deliveryIds[0] as string } }
    expect(await li.ok('GET /api/notices/deliveries/:id', mine)).toMatchObject({ state: 'sent' })
    expect(await wang.refused('GET /api/notices/deliveries/:id', mine)).toBe('not_found')
  })
})
