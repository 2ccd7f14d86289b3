// Arrival by place: what the phone shows when the position or the camera is refused, when a code is tried six times, when
// the clock is set in mid-visit, when somebody uses two phones; and the site's turning code, read by a real reader.
import { strict as assert } from 'node:assert'
import { randomUUID } from 'node:crypto'
import gcoord from 'gcoord'
import { accounts, api, signInApi } from '../lib/api.mjs'
import { showToCamera } from '../lib/camera.mjs'

const hour = 3600_000

export async function journey(s) {
  const { base } = s
  const who = await accounts(base)
  const mark = randomUUID().slice(0, 6)
  const desk = await s.context('desk')
  const deskCtx = desk
  let engineer
  let site
  let customer
  let nth = 0

  /** Where somebody stands who is in the building: not on the point in the data, to no round digits. */
  const inside = () => ({ latitude: site.lat + 0.00021347, longitude: site.lng + 0.00013729, accuracy: 14.37 })
  /** A visit of the engineer at the site, on the way. */
  const visit = async (page) => {
    nth++
    const order = await api(desk, base, 'POST', '/api/orders', {
      customerId: customer.id,
      siteId: site.id,
      title: `到场核验 ${mark}-${nth}`,
      type: 'other',
      priority: 'normal',
    })
    await api(desk, base, 'POST', `/api/orders/${order.id}/triage`, {})
    const assigned = await someday(order.id)
    const id = assigned.visits[0].id
    await api(page, base, 'POST', `/api/visits/${id}/take`, {})
    await api(page, base, 'POST', `/api/visits/${id}/depart`, {})
    return id
  }
  /** Beyond what the demo has planned for most, and on another day where it has. */
  const someday = async (orderId) => {
    for (let d = 24; ; d++) {
      const start = new Date(Date.now() + (d * 24 + nth * 3) * hour)
      const data = {
        crew: [{ engineerId: engineer.userId ?? engineer.id }],
        start: start.toISOString(),
        durationMin: 60,
        reason: '到场核验',
        override: { reason: '到场核验' },
      }
      const r = await desk.request.post(`${base}/api/orders/${orderId}/assign`, { data })
      if (r.ok()) return r.json()
      if (d > 40) throw new Error(await r.text())
    }
  }
  const open = async (page, id) => {
    await page.goto(`${base}/m/visits/${id}/check-in`)
    await page.getByRole('heading', { name: '到场签到' }).waitFor()
  }
  const end = (page, id) => api(page, base, 'POST', `/api/visits/${id}/abort`, { reason: '核验结束' })

  const phone = await s.context('phone', { permissions: [] })

  await s.step('a site, an engineer and the screen of the site’s turning code', async () => {
    await signInApi(desk, base, who.administrator.userName)
    await signInApi(phone, base, who.engineer.userName)
    engineer = await api(phone, base, 'GET', '/api/session')
    customer = await api(deskCtx, base, 'POST', '/api/customers', {
      name: `到场核验客户 ${mark}`,
      teamId: engineer.teamId,
    })
    const made = await api(desk, base, 'POST', `/api/customers/${customer.id}/sites`, {
      name: `机房 ${mark}`,
      address: '上海市浦东新区',
      point: { lat: 31.2201347, lng: 121.5403921, datum: 'gcj02' },
      radiusM: 300,
    })
    const [lng, lat] = gcoord.transform([121.5403921, 31.2201347], gcoord.GCJ02, gcoord.WGS84)
    site = { id: made.id, lat, lng }
    await signInApi(desk, base, who.dispatcher.userName)
  })

  await s.step('location refused: the screen says how to allow it, and three other ways', async () => {
    const id = await visit(phone)
    await open(phone, id)
    await phone.getByRole('heading', { name: '没有定位权限' }).waitFor()
    await s.shot(phone, '1-refused')
    await s.accessible(phone)
    for (let i = 5; i >= 1; i--) {
      await phone.getByLabel('客户到场码').fill(`00000${i}`)
      await phone.getByRole('button', { name: '核对' }).click()
      await phone.getByText(`还可以试 ${i} 次`).waitFor()
    }
    await phone.getByLabel('客户到场码').fill('000009')
    await phone.getByRole('button', { name: '核对' }).click()
    await phone.getByText('到场码已输错 6 次').waitFor()
    await s.shot(phone, '2-locked')
    await s.accessible(phone)
    // Neither a reload nor another phone gives new tries.
    const again = await api(phone, base, 'POST', `/api/visits/${id}/code`, { value: '123456' })
    assert.deepEqual([again.matched, again.locked, again.left], [false, true, 0])
    await phone.getByRole('button', { name: '不带定位签到' }).click()
    await phone.getByText('待主管复核').waitFor()
    await phone.getByText('没有取得定位').waitFor()
    await phone.getByRole('button', { name: '开始服务' }).click()
    await phone.getByRole('heading', { name: '到场签到' }).waitFor({ state: 'detached' })
    await end(phone, id)
  })

  await s.step('camera refused: the scanner says so and offers a photo', async () => {
    const id = await visit(phone)
    await open(phone, id)
    await phone.getByRole('button', { name: '扫现场二维码' }).click()
    await phone.getByText(/没有相机权限|这台设备没有可用的相机/).waitFor()
    await phone.getByText('拍一张照片识别').waitFor()
    await s.shot(phone, '3-no-camera')
    await s.accessible(phone)
  })

  let steady
  await s.step('at the door, signed by the phone: verified; the site’s code is read by the camera', async () => {
    await signInApi(deskCtx, base, who.dispatcher.userName)
    const code = await api(desk, base, 'POST', `/api/sites/${site.id}/codes`, { kind: 'screen' })
    const path = new URL(code.url).pathname
    const screen = await s.context('phone')
    await screen.goto(`${base}${path}`)
    await screen.getByRole('img', { name: /到场二维码/ }).waitFor()
    await s.shot(screen, '4-screen')
    await s.accessible(screen)
    steady = await s.context('phone', { geolocation: inside(), permissions: ['geolocation', 'camera'] })
    await signInApi(steady, base, who.engineer.userName)
    const id = await visit(steady)
    // The key is registered and numbers are fetched while there is a network.
    const registered = steady.waitForResponse((r) => r.url().endsWith('/api/field/nonces') && r.ok())
    await steady.goto(`${base}/m/today`)
    await registered
    await open(steady, id)
    await steady.getByText(/在签到范围内/).waitFor()
    const { codes } = await api(steady, base, 'GET', `/api/site-screen/${path.split('/').pop()}`)
    showToCamera(s.camera, codes[0])
    await steady.getByRole('button', { name: '扫现场二维码' }).click()
    await steady.getByText(/已扫现场二维码/).waitFor({ timeout: 25_000 })
    await s.shot(steady, '5-scanned')
    await steady.getByRole('button', { name: '签到', exact: true }).click()
    await steady.getByText('现场二维码正确').waitFor()
    await steady.getByText(/范围内，定位精度/).waitFor()
    await s.shot(steady, '6-verified')
    await s.accessible(steady)
    const { checkIns } = await api(steady, base, 'GET', `/api/visits/${id}`)
    // Headless Chromium knows no second phone; the first step's refused one has been used today.
    assert.ok(['A', 'B'].includes(checkIns[0].grade), JSON.stringify(checkIns))
    const { rows } = await api(steady, base, 'GET', '/api/field/record')
    const mine = rows.find((r) => r.visitId === id)
    assert.deepEqual([mine.proof.signature, mine.proof.nonce, mine.proof.code], ['valid', 'fresh', 'site_qr'])
    // Two phones of one person in a day: told, not punished.
    assert.ok(
      mine.reasons.some((r) => r.code === 'second_device_today'),
      JSON.stringify(mine.reasons),
    )
    await end(steady, id)
  })

  await s.step('the clock is set back in mid-visit: told in words, and the work goes on', async () => {
    const id = await visit(steady)
    await open(steady, id)
    await steady.getByText(/在签到范围内/).waitFor()
    await steady.waitForTimeout(3_500)
    await steady.evaluate(() => {
      const RealDate = Date
      const shift = 25 * 60_000
      const now = () => RealDate.now() - shift
      globalThis.Date = class extends RealDate {
        constructor(...args) {
          super(...(args.length ? args : [now()]))
        }
        static now() {
          return now()
        }
      }
    })
    await steady.waitForTimeout(6_000)
    await steady.getByRole('button', { name: '签到', exact: true }).click()
    await steady.getByText(/手机时间被改动约 25 分钟/).waitFor()
    await s.shot(steady, '7-clock')
    await steady.reload()
    await end(steady, id)
  })

  await s.step('everything stands in his own record, and a supervisor’s look is in it', async () => {
    const chief = await s.context('desk')
    await signInApi(chief, base, who.supervisor.userName)
    await chief.goto(`${base}/checkins`)
    await chief.getByText(`到场核验客户 ${mark}`).first().click()
    await chief.getByText('你查看了原始定位').waitFor()
    await s.shot(chief, '8-review')
    await s.accessible(chief)
    await steady.goto(`${base}/m/me/record`)
    await steady.getByText('看了位置').first().waitFor()
    await s.shot(steady, '9-record')
    await s.accessible(steady)
  })
}
