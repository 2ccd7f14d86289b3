// The whole day of an engineer who is offline from his second visit to the hotel: nothing he does waits for a network,
// nothing of it is lost, and what the office did meanwhile is shown beside it.
import { strict as assert } from 'node:assert'
import { randomUUID } from 'node:crypto'
import gcoord from 'gcoord'
import sharp from 'sharp'
import { accounts, api } from '../lib/api.mjs'
import { dayOf } from '../lib/day.mjs'

export async function journey(s) {
  const { base } = s
  const who = await accounts(base)
  const desk = await s.context('desk')
  const admin = await s.context('desk')
  const mark = randomUUID().slice(0, 4)
  const name = `陶守一${mark}`
  let phone
  let day

  const network = (on) => phone.context().setOffline(!on)
  const open = (visit, page = '') => phone.goto(`${base}/m/visits/${visit.id}${page}`)
  const press = (name) => phone.getByRole('button', { name }).first().click()
  const state = async (visit) => {
    const { visits } = await api(desk, base, 'GET', `/api/orders/${visit.orderId}/visits`)
    return visits.find((v) => v.id === visit.id)
  }

  await s.step('three visits are given to him this morning, and he takes them', async () => {
    day = await dayOf({ admin, desk, base, who }, name, [`机柜上架 ${mark}`, `网络割接 ${mark}`, `终端培训 ${mark}`])
    phone = await s.context('phone', { permissions: ['geolocation'] })
    await phone.goto(`${base}/m/`)
    await phone.getByLabel('账号').fill(day.engineer.userName)
    await phone.getByLabel('密码', { exact: true }).fill(day.engineer.password)
    await phone.getByRole('button', { name: '登录', exact: true }).click()
    await phone.getByText(day.visits[0].title).first().waitFor()
    for (const visit of day.visits) {
      await open(visit)
      await press('接单')
      await press(/约时间/)
      await press('登记约定时间')
      await phone.getByRole('button', { name: /^出发去/ }).waitFor()
    }
    await until(async () => (await state(day.visits[2])).appointment !== null, 'the server has the last appointment')
    await until(() => phone.evaluate(() => navigator.serviceWorker.controller !== null), 'the worker holds the page')
  })

  await s.step('the first visit goes as always', async () => {
    const [visit] = day.visits
    await arrive(visit)
    await phone.getByText('已签到').first().waitFor()
    await press('开始服务')
    await phone.getByText('服务中').first().waitFor()
    await press(/填检查项/)
    for (const name of [/开箱：/, /供电与接地/, /网络连通：/, /业务功能逐项演示/])
      await phone
        .locator('.zc-check')
        .filter({ hasText: name })
        .getByRole('button', { name: / 合格$/ })
        .click()
    await press('返回上门')
    await leave(visit, '全部完成', '设备供电未就绪，明天补')
    await until(async () => (await state(visit)).state === 'finished', 'the server knows that he has left')
  })

  await s.step('at the second the network is gone; the app opens cold, and he arrives and works', async () => {
    const visit = day.visits[1]
    await network(false)
    await phone.goto('about:blank')
    await arrive(visit)
    await phone.getByText('已记录，联网后评定').first().waitFor()
    await press('开始服务')
    await phone.getByText('服务中').first().waitFor()
    await phone.getByTestId('album').setInputFiles([await picture('机柜.jpg', 3), await picture('铭牌.jpg', 7)])
    await phone.locator('.zc-tile, .zc-photo, figure').nth(1).waitFor()
    await s.shot(phone, '1-second-visit')
  })

  await s.step('he notes what he saw and reports a second fault as an order of its own', async () => {
    const visit = day.visits[1]
    await open(visit, '/notes')
    await phone.getByLabel('写备注').fill('核心交换机风扇有异响，客户知道。')
    await press('添加备注')
    await phone.getByText('核心交换机风扇有异响').first().waitFor()
    await phone.goto(`${base}/m/requests/report/${visit.id}`)
    await phone.getByLabel('发现了什么').fill(`交换机风扇异响 ${mark}`)
    await press(/^上报/)
    await phone.getByText(`交换机风扇异响 ${mark}`).first().waitFor()
    await s.shot(phone, '2-reported')
    await leave(visit, '部分完成', '机房没有信号', '割接窗口推迟到周四')
    await s.shot(phone, '3-left')
  })

  await s.step('meanwhile the office gives his third visit to a colleague, and he does it all the same', async () => {
    const visit = day.visits[2]
    const { rows } = await api(desk, base, 'GET', '/api/engineers')
    await givenAway(
      visit,
      rows.filter((e) => e.id !== day.engineer.id),
    )
    await arrive(visit)
    await press('开始服务')
    await leave(visit, '全部完成', '现场没有网络')
    await phone.goto(`${base}/m/today`)
    await phone.getByText(/条待同步/).waitFor()
    await s.shot(phone, '4-today')
    await s.accessible(phone)
  })

  await s.step('the report of the day is written already; he hands it in with one tap, without a network', async () => {
    await phone.goto(`${base}/m/report`)
    for (const visit of day.visits.slice(0, 2)) await phone.getByText(new RegExp(visit.title)).first().waitFor()
    await s.shot(phone, '5-report')
    await s.accessible(phone)
    await press('提交日报')
    await phone
      .getByText(/已提交/)
      .first()
      .waitFor()
    await phone.goto(`${base}/m/outbox`)
    await phone.getByRole('article').first().waitFor()
    await s.shot(phone, '6-outbox')
  })

  await s.step('in the hotel everything goes out: each thing once, in the order in which it happened', async () => {
    const visit = day.visits[1]
    await network(true)
    await until(async () => (await state(visit)).state === 'finished', 'the second visit is over on the server')
    const done = await state(visit)
    assert.equal(done.result, 'partial')
    assert.ok(done.departedAt < done.arrivedAt && done.arrivedAt < done.startedAt && done.startedAt < done.finishedAt)
    assert.equal(done.conflicts, 0)
    await until(async () => {
      const { evidence } = await api(desk, base, 'GET', `/api/visits/${visit.id}`)
      const photos = evidence.filter((e) => e.kind === 'photo')
      return photos.length === 2 && photos.every((e) => e.storedAt)
    }, 'both photos have arrived, neither twice')
    const { rows: orders } = await api(desk, base, 'GET', `/api/orders?q=${encodeURIComponent(`异响 ${mark}`)}`)
    assert.equal(orders.length, 1, 'the fault is one order')
    assert.match(orders[0].number, /^WO-/)
    await s.shot(phone, '7-synced')
  })

  await s.step('the visit that had changed hands is shown to him with both sides, and to the office', async () => {
    const visit = day.visits[2]
    await phone.goto(`${base}/m/requests/lost/${visit.id}`)
    await phone.getByText('这一单换人了').first().waitFor()
    await s.shot(phone, '8-changed-hands')
    await s.accessible(phone)
    const { rows } = await api(desk, base, 'GET', '/api/visits/conflicts')
    assert.ok(
      rows.some((c) => c.visitId === visit.id),
      'the office sees what he did for a visit that was not his any more',
    )
  })

  await s.step('his supervisor reads the report, and his hours come from the same facts', async () => {
    await desk.goto(`${base}/reports`)
    await desk.getByText(name).first().waitFor()
    await s.shot(desk, '9-reports')
    await s.accessible(desk)
  })

  /** Where the visit is, as a phone measures it: some metres off. */
  async function stand(visit) {
    const { lat, lng, datum } = visit.point
    const at = datum === 'gcj02' ? gcoord.transform([lng, lat], gcoord.GCJ02, gcoord.WGS84) : [lng, lat]
    const position = { longitude: at[0] + 0.000187, latitude: at[1] - 0.000091, accuracy: 23.6 }
    await phone.context().setGeolocation(position)
  }
  async function arrive(visit) {
    await stand(visit)
    await open(visit)
    await press(/^出发去/)
    await press('到场签到')
    await press('签到')
  }
  async function leave(visit, result, why, remaining) {
    await open(visit, '/finish')
    await phone.getByText(result, { exact: true }).first().click()
    if (remaining) await phone.getByLabel('还剩什么没做').fill(remaining)
    const later = phone.getByLabel(/24 小时内补交/)
    if (await later.isVisible()) {
      await later.check()
      await phone.getByLabel('为什么现在不能填完').fill(why)
    }
    await press(`${result}，离场`)
    await phone
      .getByText(/已离场/)
      .first()
      .waitFor()
  }
  /** The first colleague whom the rules let have it, at another hour if need be. */
  async function givenAway(visit, colleagues) {
    const start = new Date(Date.now() + 30 * 3_600_000).toISOString()
    for (const one of colleagues) {
      const data = { engineerId: one.id, start, reason: '换人去', override: { reason: '端到端验证：换人' } }
      const r = await desk.request.post(`${base}/api/visits/${visit.id}/reassign`, { data })
      if (r.ok()) return
    }
    throw new Error('no colleague can have it')
  }
}

async function picture(name, seed) {
  const noise = Buffer.from(Array.from({ length: 640 * 480 * 3 }, (_, i) => (i * seed * 2_654_435_761) >>> 24))
  const buffer = await sharp(noise, { raw: { width: 640, height: 480, channels: 3 } })
    .jpeg()
    .toBuffer()
  return { name, mimeType: 'image/jpeg', buffer }
}

async function until(check, what) {
  const end = Date.now() + 30_000
  for (;;) {
    if (await check()) return
    if (Date.now() > end) throw new Error(`not within 30 s: ${what}`)
    await new Promise((done) => setTimeout(done, 250))
  }
}
