// Corners of a phone without a network: no room, another person on the same phone. Each says what it is, and nothing of
// what was done is lost. (A network that takes everything and answers nothing is in the storm.)
import { strict as assert } from 'node:assert'
import { randomUUID } from 'node:crypto'
import { accounts, api } from '../lib/api.mjs'
import { dayOf } from '../lib/day.mjs'

export async function journey(s) {
  const { base } = s
  const who = await accounts(base)
  const desk = await s.context('desk')
  const admin = await s.context('desk')
  const phone = await s.context('phone', { permissions: ['geolocation'] })
  const mark = randomUUID().slice(0, 6)
  let day
  let thread
  const network = (on) => phone.context().setOffline(!on)
  const said = async (words) => {
    const { messages } = await api(desk, base, 'GET', `/api/threads/order/${day.visits[0].orderId}`)
    return messages.filter((m) => m.body.includes(words)).length
  }
  const say = async (words) => {
    await phone.goto(thread)
    await phone.getByRole('textbox').first().fill(words)
    await phone.getByRole('button', { name: '发送' }).click()
    await phone.getByText(words).first().waitFor()
  }
  const signIn = async (userName, password) => {
    await phone.getByLabel('账号').fill(userName)
    await phone.getByLabel('密码', { exact: true }).fill(password)
    await phone.getByRole('button', { name: '登录', exact: true }).click()
    await phone.getByRole('navigation').first().waitFor()
  }

  await s.step('an engineer has a visit, and the app is kept on his phone', async () => {
    day = await dayOf({ admin, desk, base, who }, `江拐角${mark}`, [`拐角演练 ${mark}`])
    thread = `${base}/m/messages/order/${day.visits[0].orderId}`
    await phone.goto(`${base}/m/`)
    await signIn(day.engineer.userName, day.engineer.password)
    await phone.getByText(`拐角演练 ${mark}`).first().waitFor()
    await until(() => phone.evaluate(() => navigator.serviceWorker.controller !== null), 'the worker holds the page')
    await phone.goto(thread)
    await phone.getByRole('textbox').first().waitFor()
  })

  await s.step('a phone without room says so, loses nothing, and keeps it when there is room again', async () => {
    // A browser's quota cannot be planted in every version: the database's own refusal is what the product meets.
    await network(false)
    await phone.evaluate(() => {
      const real = IDBObjectStore.prototype.add
      window.roomAgain = () => {
        IDBObjectStore.prototype.add = real
        IDBObjectStore.prototype.put = put
      }
      const put = IDBObjectStore.prototype.put
      const full = () => {
        throw new DOMException('no room', 'QuotaExceededError')
      }
      IDBObjectStore.prototype.add = full
      IDBObjectStore.prototype.put = full
    })
    await phone.getByRole('textbox').first().fill(`存储满了也要说 ${mark}`)
    await phone.getByRole('button', { name: '发送' }).click()
    await phone.getByText(/手机存储已满/).waitFor()
    await phone.getByText(`存储满了也要说 ${mark}`).first().waitFor()
    await s.shot(phone, '1-full')
    await phone.evaluate(() => window.roomAgain())
    await network(true)
    await until(async () => (await said(`存储满了也要说 ${mark}`)) === 1, 'the message arrives, once')
    await phone.getByText(/手机存储已满/).waitFor({ state: 'detached' })
  })

  await s.step('another person on the same phone sees nothing; the outbox of the first waits for him', async () => {
    await network(false)
    await say(`留给自己 ${mark}`)
    await phone.getByText(/1 条待同步/).waitFor()
    // The session ends elsewhere; on the same phone somebody else signs in.
    await phone.context().clearCookies()
    await network(true)
    await phone.getByRole('button', { name: '登录', exact: true }).waitFor()
    await signIn(who.engineer.userName, 'zhuchang-demo')
    await phone.goto(`${base}/m/outbox`)
    await phone.getByText('都已同步').waitFor()
    assert.equal(await phone.getByText('发消息').count(), 0, 'nothing of the other person')
    assert.equal(await said(`留给自己 ${mark}`), 0, 'nothing went in another name')
    await phone.context().clearCookies()
    await phone.goto(`${base}/m/today`)
    await phone.getByRole('button', { name: '登录', exact: true }).waitFor()
    await signIn(day.engineer.userName, day.engineer.password)
    await until(async () => (await said(`留给自己 ${mark}`)) === 1, 'it went when he was back, once')
  })
}

async function until(check, what) {
  const end = Date.now() + 45_000
  for (;;) {
    if (await check()) return
    if (Date.now() > end) throw new Error(`not within 45 s: ${what}`)
    await new Promise((done) => setTimeout(done, 250))
  }
}
