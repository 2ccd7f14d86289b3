// The main job through three browsers: an order of the CRM becomes dispatched, proven, documented, signed, rated and counted work.
import { randomUUID } from 'node:crypto'
import { strict as assert } from 'node:assert'
import { accounts, api, crmSample, postAsCrm, signInApi } from '../lib/api.mjs'

/** Signs in by one click on a demo account. */
async function enter(page, url, account) {
  await page.goto(url)
  await page.getByRole('button', { name: `登录`, exact: false }).first().waitFor()
  await page.getByRole('button', { name: new RegExp(`^以.+${account.name}登录$`) }).click()
}

export async function journey(s) {
  const { base } = s
  const who = await accounts(base)
  const desk = await s.context('desk')
  const site = { latitude: 31.2036, longitude: 121.5992 }
  const phone = await s.context('phone', { geolocation: { ...site, accuracy: 15 }, permissions: ['geolocation'] })
  const customer = await s.context('phone')
  const office = await s.context('desk')
  const backstage = await s.context('desk')
  const title = `存储阵列控制器故障 ${randomUUID().slice(0, 4)}`
  let orderId
  let engineer
  let link

  await s.step('the CRM posts an order, twice, and it is one work order', async () => {
    await signInApi(phone, base, who.engineer.userName)
    engineer = await api(phone, base, 'GET', '/api/session')
    await phone.context().clearCookies()
    await signInApi(backstage, base, who.administrator.userName)
    const key = `crm-${randomUUID().slice(0, 8)}`
    await api(backstage, base, 'POST', '/api/intake-sources', { key, name: 'CRM', teamId: engineer.teamId, mapping: 'salesforce-workorder' })
    const { secret } = await api(backstage, base, 'POST', `/api/intake-sources/${key}/secrets`)
    const start = new Date(Date.now() + 3600_000)
    const payload = {
      ...crmSample(), Id: randomUUID(), Subject: title, StartDate: start.toISOString(), EndDate: new Date(start.getTime() + 8 * 3600_000).toISOString(), DurationInMinutes: 60,
      WorkType: { Name: 'Installation' },
    }
    const first = await postAsCrm(`${base}/api/intake/${key}`, secret, payload, `msg_${randomUUID()}`)
    assert.equal(first.body.verdict, 'created', JSON.stringify(first.body))
    const again = await postAsCrm(`${base}/api/intake/${key}`, secret, payload, `msg_${randomUUID()}`)
    orderId = first.body.orderId
    assert.equal(again.body.orderId, orderId)
    const forged = await postAsCrm(`${base}/api/intake/${key}`, `whsec_${Buffer.from('x'.repeat(24)).toString('base64')}`, payload, `msg_${randomUUID()}`)
    assert.equal(forged.status, 401)
  })
}
