// A visit goes to a colleague while its holder is in a basement without a network: both sides are shown on his phone, and
// what he did is handed to the one who has it now.
import { strict as assert } from 'node:assert'
import { randomUUID } from 'node:crypto'
import { accounts, api, signInApi } from '../lib/api.mjs'

export async function journey(s) {
  const { base } = s
  const who = await accounts(base)
  const desk = await s.context('desk')
  const mark = randomUUID().slice(0, 6)
  const title = `地下室 ${mark}`
  let phone
  let heir
  let holder
  let colleague
  let visit
  let orderId

  await s.step('an engineer holds a visit for now, agreed with the customer', async () => {
    await signInApi(desk, base, who.engineer.userName)
    const { teamId } = await api(desk, base, 'GET', '/api/session')
    const { visits } = await api(desk, base, 'GET', `/api/field/schedule?from=${day(-7)}&days=14`)
    const known = visits.find((v) => v.site?.point && v.mode === 'onsite')
    await signInApi(desk, base, who.administrator.userName)
    const { rows: people } = await api(desk, base, 'GET', `/api/people?teamId=${teamId}&role=engineer&limit=200`)
    await desk.context().clearCookies()
    await signInApi(desk, base, who.dispatcher.userName)
    const order = await api(desk, base, 'POST', '/api/orders', {
      title,
      customerId: known.customer.id,
      siteId: known.site.id,
      teamId,
      type: 'other',
      durationMin: 30,
    })
    orderId = order.id
    await api(desk, base, 'POST', `/api/orders/${orderId}/triage`, {})
    // Whatever the day looks like, some hour of it is free for two of them.
    let start
    for (let hour = 0; hour < 12 && !colleague; hour++) {
      start = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 120_000 + hour * 3600_000).toISOString()
      const { placements } = await api(desk, base, 'POST', '/api/dispatch/check', {
        orderId,
        engineerIds: people.map((p) => p.id),
        start,
      })
      const free = people.filter((p) => placements.some((x) => x.engineer.id === p.id && x.verdict !== 'refuse'))
      ;[holder, colleague] = free
    }
    assert.ok(colleague, 'two are free')
    await api(desk, base, 'POST', `/api/orders/${orderId}/assign`, {
      crew: [{ engineerId: holder.id }],
      start,
      override: { reason: '演练' },
    })
    visit = (await api(desk, base, 'GET', `/api/orders/${orderId}/visits`)).visits[0]
    phone = await s.context('phone', {
      geolocation: { latitude: known.site.point.lat, longitude: known.site.point.lng, accuracy: 15 },
      permissions: ['geolocation'],
    })
    await enter(phone, holder)
    await phone.goto(`${base}/m/visits/${visit.id}`)
    await phone.getByRole('button', { name: '接单' }).click()
    await phone.getByRole('button', { name: /约时间/ }).click()
    await phone.getByRole('button', { name: '登记约定时间' }).click()
    await phone.getByRole('button', { name: /^出发去/ }).waitFor()
    await until(
      async () => (await api(desk, base, 'GET', `/api/visits/${visit.id}`)).appointment !== null,
      'the server has it',
    )
  })

  await s.step(
    'he goes below; the office gives the visit to a colleague; he sets out and checks in all the same',
    async () => {
      await phone.context().setOffline(true)
      await api(desk, base, 'POST', `/api/visits/${visit.id}/reassign`, {
        engineerId: colleague.id,
        reason: '电话打不通，先换人',
        override: { reason: '电话打不通，先换人' },
      })
      await phone.getByRole('button', { name: /^出发去/ }).click()
      await phone.getByRole('button', { name: '到场签到' }).click()
      await phone.getByRole('button', { name: '签到', exact: true }).click()
      await phone.getByText('已记录，联网后评定').first().waitFor()
    },
  )

  await s.step('back above ground he sees both sides and nothing of his is lost', async () => {
    await phone.context().setOffline(false)
    await phone.goto(`${base}/m/today`)
    await phone.getByRole('link', { name: /件事等我处理/ }).click()
    await phone.getByText('离线期间换人').first().waitFor()
    await phone.locator(`a[href="/m/requests/lost/${visit.id}"]`).click()
    await phone.getByText(new RegExp(`改派给 ${colleague.name}`)).waitFor()
    await phone.getByText('原因：电话打不通，先换人').waitFor()
    await phone.getByText(/签到/).first().waitFor()
    await s.shot(phone, '1-both-sides')
    await s.accessible(phone)
  })

  await s.step('he gives what he did to the colleague, who keeps it', async () => {
    await phone.getByLabel('想对他说的话').fill('我已经到现场，设备还没动')
    await phone.getByRole('button', { name: `把我做的交给${colleague.name}` }).click()
    await phone.getByText(new RegExp(`已交给 ${colleague.name}`)).waitFor()
    heir = await s.context('phone')
    await enter(heir, colleague)
    await heir.goto(`${base}/m/requests`)
    await heir
      .getByText(new RegExp(`${holder.name} 交给 ${colleague.name}`))
      .first()
      .click()
    await heir.getByText('我已经到现场，设备还没动').waitFor()
    await heir.getByText(/签到/).first().waitFor()
    await s.shot(heir, '2-offered')
    await heir.getByRole('button', { name: '收下' }).click()
    await heir.getByText('已接手').first().waitFor()
    await until(async () => {
      const { rows } = await api(phone, base, 'GET', '/api/handovers?scope=mine')
      return rows[0]?.state === 'accepted'
    }, 'the server has the acceptance')
  })

  await s.step('the dispatcher finds his steps among those that did not fit', async () => {
    const { rows } = await api(desk, base, 'GET', '/api/visits/conflicts')
    const mine = rows.filter((c) => c.visitId === visit.id)
    assert.ok(
      mine.some((c) => c.type === 'visit.checked_in'),
      'the check-in is kept',
    )
  })

  async function enter(page, person) {
    await page.goto(`${base}/m/`)
    await page.getByLabel('账号').fill(person.userName)
    await page.getByLabel('密码', { exact: true }).fill('zhuchang-demo')
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByText('今天').first().waitFor()
  }
}

const day = (n) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)

async function until(check, what, ms = 20_000) {
  const end = Date.now() + ms
  while (Date.now() < end) {
    if (await check().catch(() => false)) return
    await new Promise((done) => setTimeout(done, 200))
  }
  throw new Error(`never: ${what}`)
}
