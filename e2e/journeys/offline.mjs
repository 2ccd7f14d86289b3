// A phone in flight mode: the installed app opens cold, a whole visit is done without a network and in two tabs, and when
// the network is back everything has happened exactly once.
import { strict as assert } from 'node:assert'
import { randomUUID } from 'node:crypto'
import { accounts, api } from '../lib/api.mjs'
import { dayOf } from '../lib/day.mjs'
import { countVisits, fillMonth } from '../lib/month.mjs'

export async function journey(s) {
  const { base } = s
  const who = await accounts(base)
  const desk = await s.context('desk')
  const mark = randomUUID().slice(0, 6)
  const title = `离线演练 ${mark}`
  let phone
  let second
  let visit
  let engineer
  let orderId
  const network = (on) => phone.context().setOffline(!on)

  await s.step('a new engineer gets a visit for today', async () => {
    const admin = await s.context('desk')
    const made = await dayOf({ admin, desk, base, who }, `郑离线${mark}`, [title])
    engineer = made.engineer
    visit = made.visits[0]
    orderId = visit.orderId
    phone = await s.context('phone', {
      geolocation: { latitude: visit.point.lat, longitude: visit.point.lng, accuracy: 15 },
      permissions: ['geolocation'],
    })
  })

  await s.step('he takes it and agrees a time; the app is kept on the phone', async () => {
    await phone.goto(`${base}/m/`)
    await signIn(engineer.userName, engineer.password)
    await phone.goto(`${base}/m/visits/${visit.id}`)
    await phone.getByRole('button', { name: '接单' }).click()
    await phone.getByRole('button', { name: /约时间/ }).click()
    await phone.getByRole('button', { name: '登记约定时间' }).click()
    await phone.getByRole('button', { name: /^出发去/ }).waitFor()
    await until(() => phone.evaluate(() => navigator.serviceWorker.controller !== null), 'the worker holds the page')
    await until(async () => (await state()).appointment !== null, 'the server has it')
    await phone.goto(`${base}/m/outbox`)
    await phone.getByText('都已同步').waitFor()
  })

  await s.step('in flight mode a cold start shows the day', async () => {
    await network(false)
    await phone.goto('about:blank')
    await phone.goto(`${base}/m/today`)
    await phone.getByText(title).first().waitFor()
    await phone.getByText(/没有网络/).waitFor()
    await s.shot(phone, '1-flight-mode')
    await s.accessible(phone)
  })

  await s.step('he sets out, arrives and starts, and a second tab shows the same', async () => {
    await phone.goto(`${base}/m/visits/${visit.id}`)
    await phone.getByRole('button', { name: /^出发去/ }).click()
    await phone.getByRole('button', { name: '到场签到' }).click()
    await phone.getByRole('button', { name: '签到', exact: true }).click()
    await phone.getByText('已记录，联网后评定').first().waitFor()
    await s.shot(phone, '2-recorded')
    await phone.getByRole('button', { name: '开始服务' }).click()
    second = await phone.context().newPage()
    await second.goto(`${base}/m/visits/${visit.id}`)
    await second.getByText('服务中').first().waitFor()
    await second.getByText(/3 条待同步/).waitFor()
  })

  await s.step('he fills the report in one tab; the other has it after a reload without a network', async () => {
    await phone.goto(`${base}/m/visits/${visit.id}`)
    await phone.getByRole('link', { name: /设备部署报告/ }).click()
    await phone.getByLabel('软件版本').fill('V5.2.1')
    await phone.getByLabel('工作内容').fill('断网环境下完成部署。')
    await phone.getByText(/已存在本机/).waitFor()
    const { pathname } = new URL(phone.url())
    await second.goto(`${base}${pathname}`)
    await until(async () => (await second.getByLabel('工作内容').inputValue()) === '断网环境下完成部署。', 'both tabs')
    await s.shot(second, '3-report')
  })

  await s.step('he leaves with papers to follow, from the second tab; the outbox names every step', async () => {
    await second.goto(`${base}/m/visits/${visit.id}/finish`)
    await second.getByText('全部完成', { exact: true }).first().click()
    await second.getByLabel(/24 小时内补交/).check()
    await second.getByLabel('为什么现在不能填完').fill('机房没有信号')
    await second.getByRole('button', { name: '全部完成，离场' }).click()
    await second
      .getByText(/已离场/)
      .first()
      .waitFor()
    await phone.goto(`${base}/m/outbox`)
    for (const name of ['出发', '到场签到', '开始服务', '填写文档', '离场'])
      await phone
        .getByRole('article', { name: new RegExp(`^${name}`) })
        .first()
        .waitFor()
    await s.shot(phone, '4-outbox')
    await s.accessible(phone)
    assert.equal((await state()).state, 'taken', 'the server knows nothing of it yet')
  })

  await s.step('the network is back: everything has happened, in its order, once', async () => {
    await network(true)
    await until(async () => (await state()).state === 'finished', 'the visit is over on the server')
    await phone.getByText('都已同步').waitFor()
    await s.shot(phone, '5-synced')
    const { rows } = await api(desk, base, 'GET', `/api/orders/${orderId}/timeline?limit=200`)
    const of = (type) => rows.filter((e) => e.type === type && e.aggregateId === visit.id)
    for (const type of [
      'visit.departed',
      'visit.checked_in',
      'visit.checkin_graded',
      'visit.started',
      'visit.finished',
    ])
      assert.equal(of(type).length, 1, `${type} once`)
    assert.ok(of('visit.started')[0].offline, 'it is known to have happened without a network')
    const done = await state()
    assert.ok(done.departedAt < done.arrivedAt && done.arrivedAt < done.startedAt && done.startedAt < done.finishedAt)
    assert.equal(done.conflicts, 0)
    const { rows: documents } = await api(desk, base, 'GET', `/api/documents?visitId=${visit.id}`)
    const document = await api(desk, base, 'GET', `/api/documents/${documents[0].id}`)
    assert.equal(
      document.values.workDone ?? Object.values(document.values).find((v) => /断网/.test(String(v))),
      '断网环境下完成部署。',
    )
  })

  await s.step('a phone without room says so, loses nothing, and keeps it when there is room again', async () => {
    const visits = `${base}/m/visits/${visit.id}`
    await phone.goto(`${base}/m/messages/order/${orderId}`)
    await phone.getByRole('textbox').first().waitFor()
    await network(false)
    await phone.reload()
    await phone.getByRole('textbox').first().waitFor()
    await phone.evaluate(refuseStorage)
    await phone.getByRole('textbox').first().fill(`存储满了也要说 ${mark}`)
    await phone.getByRole('button', { name: '发送' }).click()
    await phone.getByText(/手机存储已满/).waitFor()
    await phone.getByText(`存储满了也要说 ${mark}`).first().waitFor()
    await s.shot(phone, '6-full')
    await phone.evaluate(() => window.giveRoom())
    await network(true)
    await phone.getByText(/手机存储已满/).waitFor({ state: 'detached' })
    await until(
      async () =>
        (await api(desk, base, 'GET', `/api/threads/order/${orderId}`)).messages.some((m) => m.body.includes(mark)),
      'the message arrives',
    )
    await phone.goto(visits)
  })

  await s.step('a month of eight visits a day still opens in flight mode', async () => {
    await network(false)
    const kept = await phone.evaluate(fillMonth)
    assert.ok(kept >= 224, `${kept} visits on the phone`)
    await phone.goto('about:blank')
    await phone.goto(`${base}/m/today`)
    await phone.locator('.zc-route a').first().waitFor()
    // What was made up here is noticed by its digest and goes with the next sync.
    await network(true)
    await phone.getByText(/已同步/).waitFor()
    await until(async () => (await phone.evaluate(countVisits)) < 224, 'the copy is the server’s again')
  })

  await s.step(
    'another person on the same phone sees nothing of it; the outbox of the first waits for him',
    async () => {
      await network(false)
      await phone.goto(`${base}/m/messages/order/${orderId}`)
      await phone.getByRole('textbox').first().fill(`留给自己 ${mark}`)
      await phone.getByRole('button', { name: '发送' }).click()
      await phone.getByText('1 条待同步，刚刚').waitFor()
      // The session ends elsewhere; on the same phone somebody else signs in.
      await phone.context().clearCookies()
      await network(true)
      await phone.getByRole('button', { name: '登录', exact: true }).waitFor()
      await signIn(who.engineer.userName, who.engineer.password)
      await phone.goto(`${base}/m/outbox`)
      await phone.getByText('都已同步').waitFor()
      assert.equal(await phone.getByText('发消息').count(), 0, 'nothing of the other person')
      await phone.context().clearCookies()
      await phone.goto(`${base}/m/today`)
      await signIn(engineer.userName, engineer.password)
      await until(
        async () =>
          (await api(desk, base, 'GET', `/api/threads/order/${orderId}`)).messages.filter((m) =>
            m.body.includes(`留给自己 ${mark}`),
          ).length === 1,
        'it went when he was back, once',
      )
    },
  )

  async function signIn(userName, password) {
    await phone.getByLabel('账号').fill(userName)
    await phone.getByLabel('密码', { exact: true }).fill(password)
    await phone.getByRole('button', { name: '登录', exact: true }).click()
    await phone.getByLabel('账号').waitFor({ state: 'detached' })
  }

  async function state() {
    const { visits } = await api(desk, base, 'GET', `/api/orders/${orderId}/visits`)
    return visits.find((v) => v.id === visit.id)
  }
}

async function until(check, what) {
  const end = Date.now() + 20_000
  for (;;) {
    if (await check()) return
    if (Date.now() > end) throw new Error(`not within 20 s: ${what}`)
    await new Promise((done) => setTimeout(done, 250))
  }
}

/** In the page: the database has no room, as Chromium says it on a full disk, until `giveRoom`. */
function refuseStorage() {
  const { add, put } = IDBObjectStore.prototype
  const full = () => {
    throw new DOMException('The current transaction exceeded its quota limitations.', 'QuotaExceededError')
  }
  IDBObjectStore.prototype.add = full
  IDBObjectStore.prototype.put = full
  window.giveRoom = () => Object.assign(IDBObjectStore.prototype, { add, put })
}
