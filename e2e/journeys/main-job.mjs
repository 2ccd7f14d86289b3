// The main job through three browsers: an order of the CRM becomes dispatched, proven, documented, signed, rated and counted work.
import { strict as assert } from 'node:assert'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { accounts, api, crmSample, postAsCrm, signInApi } from '../lib/api.mjs'
import { draw, enter } from '../lib/hands.mjs'

const site = { latitude: 31.2036, longitude: 121.5992 }

export async function journey(s) {
  const { base } = s
  const who = await accounts(base)
  const desk = await s.context('desk')
  const phone = await s.context('phone', { geolocation: { ...site, accuracy: 15 }, permissions: ['geolocation'] })
  const customer = await s.context('phone')
  const office = await s.context('desk')
  const backstage = await s.context('desk')
  const mark = randomUUID().slice(0, 6)
  const title = `门禁控制器部署 ${mark}`
  const account = `华岭集成电路 ${mark}`
  let orderId
  let engineer
  let link

  await s.step('the CRM posts an order twice and it is one work order; a forged signature is refused', async () => {
    await signInApi(phone, base, who.engineer.userName)
    engineer = await api(phone, base, 'GET', '/api/session')
    await phone.context().clearCookies()
    await signInApi(backstage, base, who.administrator.userName)
    const key = `crm-${mark}`
    await api(backstage, base, 'POST', '/api/intake-sources', {
      key,
      name: 'CRM',
      teamId: engineer.teamId,
      mapping: 'salesforce-workorder',
    })
    const { secret } = await api(backstage, base, 'POST', `/api/intake-sources/${key}/secrets`)
    const url = `${base}/api/intake/${key}`
    const start = Date.now() + 3600_000
    const sample = crmSample()
    const payload = {
      ...sample,
      Id: `0WO${mark}`,
      Subject: title,
      StartDate: new Date(start).toISOString(),
      EndDate: new Date(start + 72 * 3600_000).toISOString(),
      DurationInMinutes: 60,
      AccountId: `001${mark}`,
      Account: { ...sample.Account, Name: account },
      WorkType: { ...sample.WorkType, Name: 'Installation' },
    }
    const first = await postAsCrm(url, secret, payload, `msg_${randomUUID()}`)
    assert.equal(first.body.verdict, 'created', JSON.stringify(first.body))
    orderId = first.body.orderId
    assert.equal((await postAsCrm(url, secret, payload, `msg_${randomUUID()}`)).body.orderId, orderId)
    const forged = `whsec_${Buffer.from('x'.repeat(24)).toString('base64')}`
    assert.equal((await postAsCrm(url, forged, payload, `msg_${randomUUID()}`)).status, 401)
  })

  await s.step('the dispatcher signs in with one click, finds the order and takes it in', async () => {
    await enter(desk, base, '/', who.dispatcher)
    await desk.goto(`${base}/orders?q=${encodeURIComponent(mark)}`)
    await desk.getByText(title).first().click()
    await desk.getByRole('button', { name: '受理工单' }).click()
    await assertEventually(async () => {
      const sure = desk.getByRole('dialog').getByRole('button', { name: /受理/ })
      if (await sure.isVisible().catch(() => false)) await sure.click()
      return (await api(desk, base, 'GET', `/api/orders/${orderId}`)).state === 'unassigned'
    }, 'the order waits for an engineer')
    await s.shot(desk, '1-order')
    await s.accessible(desk)
  })

  await s.step('he sees candidates ranked with reasons, and assigns; the phone has it while it is open', async () => {
    await enter(phone, base, '/m', who.engineer)
    await phone.getByText('今天').first().waitFor()
    await desk.goto(`${base}/dispatch?order=${orderId}`)
    const row = desk
      .locator('li, article, section > div')
      .filter({ hasText: engineer.name })
      .filter({ has: desk.getByRole('button', { name: '指派' }) })
      .last()
    await row.getByText(/到场/).first().waitFor()
    await s.shot(desk, '2-candidates')
    await s.accessible(desk)
    await row.getByRole('button', { name: '指派' }).click()
    const confirm = desk.getByRole('dialog').getByRole('button', { name: /指派/ })
    await Promise.race([
      phone.getByText(title).first().waitFor(),
      confirm
        .waitFor()
        .then(() => confirm.click())
        .then(() => phone.getByText(title).first().waitFor()),
    ])
    await s.shot(phone, '3-offer')
  })

  await s.step('the engineer takes it, agrees a time, sets out', async () => {
    const { visits: rows } = await api(desk, base, 'GET', `/api/orders/${orderId}/visits`)
    await phone.goto(`${base}/m/visits/${rows[0].id}`)
    await phone.getByRole('button', { name: '接单' }).click()
    link = (await api(desk, base, 'POST', `/api/visits/${rows[0].id}/link`, { channel: 'contact' })).url
    await phone.getByRole('button', { name: /约时间/ }).click()
    await phone.getByRole('button', { name: '登记约定时间' }).click()
    await phone.getByRole('button', { name: /^出发去/ }).click()
    await phone.getByRole('button', { name: '到场签到' }).waitFor()
    await s.shot(phone, '4-visit')
    await s.accessible(phone)
  })

  await s.step('the customer follows it by a link without an account', async () => {
    await customer.goto(link)
    await customer.getByText('工程师已出发').waitFor()
    await customer.getByText('到场确认码').waitFor()
    await s.shot(customer, '5-link')
    await s.accessible(customer)
  })

  await s.step('he checks in by place with a grade and its reasons, and works', async () => {
    await phone.getByRole('button', { name: '到场签到' }).click()
    await phone.getByText(/在签到范围内/).waitFor()
    await s.shot(phone, '6-check-in')
    await phone.getByRole('button', { name: '签到', exact: true }).click()
    await phone.getByText('已签到').first().waitFor()
    await s.shot(phone, '7-grade')
    await s.accessible(phone)
    await phone.getByRole('button', { name: '开始服务' }).click()
  })

  await s.step('he works through the checklist; what fails asks for its reason', async () => {
    await phone.getByRole('button', { name: /填检查项/ }).click()
    await phone.getByRole('heading', { name: '安装部署检查单' }).waitFor()
    const item = (name) => phone.locator('.zc-check').filter({ hasText: name })
    await item(/业务功能逐项演示/)
      .getByRole('button', { name: /不合格/ })
      .click()
    await phone.getByRole('heading', { name: /哪一项没通过/ }).waitFor()
    await s.shot(phone, '7b-checks')
    await s.accessible(phone)
    for (const name of [/开箱：/, /供电与接地/, /网络连通：/, /业务功能逐项演示/])
      await item(name)
        .getByRole('button', { name: / 合格$/ })
        .click()
    await phone.getByRole('heading', { name: /哪一项没通过/ }).waitFor({ state: 'detached' })
    await phone.getByRole('button', { name: '返回上门' }).click()
  })

  await s.step('he fills the 设备部署报告 from its template', async () => {
    await phone.getByRole('button', { name: /去填 设备部署报告/ }).click()
    await phone.getByLabel('软件版本').fill('V5.2.1')
    await phone.getByRole('button', { name: /加一行/ }).click()
    await phone.getByLabel('型号').first().fill('AC-2004')
    await phone.getByLabel('序列号').first().fill('AC2004-7781')
    for (const name of ['供电与接地', '网络连通', '业务功能'])
      await phone
        .getByRole('group', { name: new RegExp(name) })
        .getByText('正常')
        .click()
    await phone.getByLabel('工作内容').fill('控制器上架、加电、联网，四扇门刷卡与远程开门测试通过。')
    await phone.getByLabel(/已向客户说明日常操作/).check()
    await phone.getByText('已保存').first().waitFor()
    await phone.getByText(/还缺 \d+ 项/).waitFor({ state: 'detached' })
    await s.shot(phone, '8-document')
    await s.accessible(phone)
  })

  await s.step('he leaves with the work done', async () => {
    const { visits: rows } = await api(desk, base, 'GET', `/api/orders/${orderId}/visits`)
    await phone.goto(`${base}/m/visits/${rows[0].id}/finish`)
    await phone.getByText('全部完成', { exact: true }).first().click()
    await phone.getByRole('button', { name: '全部完成，离场' }).click()
    await phone
      .getByText(/已离场/)
      .first()
      .waitFor()
    await s.shot(phone, '9-left')
  })

  await s.step('the customer reads and signs the document, which accepts the order', async () => {
    await customer.goto(link)
    await customer
      .getByRole('link', { name: /查看并签字/ })
      .first()
      .click()
    await customer.getByText('AC2004-7781').waitFor()
    await s.accessible(customer)
    await customer.getByRole('button', { name: '签字确认' }).click()
    await customer.getByLabel('签字人姓名').fill('周敏')
    await draw(customer, customer.locator('.zc-sign canvas'))
    await s.shot(customer, '10-signature')
    await customer.getByRole('button', { name: '确认签字' }).click()
    await customer.getByText('签字已完成').waitFor()
    await assertEventually(
      async () => (await api(desk, base, 'GET', `/api/orders/${orderId}`)).state === 'completed',
      'the signature accepts the order',
    )
  })

  await s.step('he rates it badly, and the supervisor is told at once', async () => {
    await enter(office, base, '/', who.supervisor)
    await customer.goto(`${link}/survey`)
    await customer.getByText('不满意', { exact: true }).first().click()
    await customer.getByText('没有讲清楚').click()
    await customer.getByLabel(/还想对我们说的/).fill('开门有延迟，没有讲清楚怎么办。')
    await s.shot(customer, '11-survey')
    await s.accessible(customer)
    await customer.getByRole('button', { name: '提交评价' }).click()
    await customer.getByText('谢谢您的评价').waitFor()
    await office
      .getByRole('button', { name: /通知|消息/ })
      .first()
      .click()
    await office.getByText(new RegExp(account)).first().waitFor()
    await s.shot(office, '12-told')
  })

  await s.step('the case is worked through Plan, Do, Check, Act and cannot close before the check', async () => {
    const { rows } = await api(office, base, 'GET', '/api/follow-ups?open=true')
    const found = rows.find((r) => r.orderId === orderId)
    assert.ok(found, 'a follow-up of this order')
    await office.goto(`${base}/satisfaction/cases/${found.id}`)
    await office.getByText('还没有检查效果，不能结案').waitFor()
    const close = office.getByRole('button', { name: '结案', exact: true })
    assert.equal(await close.isDisabled(), true)
    await s.accessible(office)
    const sheet = office.getByRole('dialog')
    const open = (name) => office.getByRole('article').getByRole('button', { name }).click()
    const send = async (name) => {
      await sheet.getByRole('button', { name }).click()
      await sheet.waitFor({ state: 'hidden' })
    }
    await open('记录联系')
    await sheet.getByLabel('客户怎么说').fill('已致歉，约好明天再讲解一次。')
    await send('记录联系')
    // The pickers of the plan are the library's own; here the step itself matters.
    await api(office, base, 'POST', `/api/follow-ups/${found.id}/plan`, {
      cause: 'communication',
      action: '由主责工程师补讲门禁操作并留操作卡',
      ownerId: engineer.id,
      dueAt: new Date(Date.now() + 86_400_000).toISOString(),
    })
    await open('确认已执行')
    await send('确认已执行')
    assert.equal(await close.isDisabled(), true)
    await open('记录检查')
    await sheet.getByText('有效，客户认可').click()
    await sheet.getByLabel('依据是什么').fill('电话回访，客户表示已会操作。')
    await send('记录检查')
    await open('记录固化')
    await sheet.getByText('改模板', { exact: true }).click()
    await sheet.getByLabel('说明').fill('部署报告模板增加“操作讲解”一项。')
    await send('记录固化')
    await close.click()
    await office.getByText('已结案').first().waitFor()
    await s.shot(office, '13-case')
  })

  await s.step('colleagues talk on the order, and a mention reaches the phone', async () => {
    await desk.goto(`${base}/orders/${orderId}`)
    await desk.getByRole('tab', { name: '沟通' }).click()
    const box = desk.getByRole('combobox', { name: /写点什么/ }).or(desk.getByRole('textbox', { name: /写点什么/ }))
    await box.first().pressSequentially(`@${engineer.name}`)
    await desk
      .getByRole('list', { name: '提到谁' })
      .or(desk.getByRole('listbox', { name: '提到谁' }))
      .getByText(engineer.name)
      .first()
      .click()
    await box.first().pressSequentially(' 明天补讲时带上操作卡')
    await desk.getByRole('button', { name: '发送' }).click()
    await desk.getByRole('region', { name: '沟通记录' }).getByText('明天补讲时带上操作卡').first().waitFor()
    await s.accessible(desk)
    await phone.goto(`${base}/m/messages`)
    await phone
      .getByText(/明天补讲时带上操作卡/)
      .first()
      .waitFor()
    await s.shot(phone, '14-mention')
    await s.accessible(phone)
  })

  await s.step('the manager sees projects with named causes, one with its Gantt, changing live', async () => {
    const manager = await s.context('desk')
    await enter(manager, base, '/projects', who.project_manager)
    await manager
      .getByText(/阶段逾期/)
      .first()
      .waitFor()
    await s.shot(manager, '15-projects')
    await s.accessible(manager)
    const { rows } = await api(manager, base, 'GET', '/api/projects')
    const project = rows.find((r) => r.state === 'active')
    await manager.goto(`${base}/projects/${project.id}`)
    await manager.getByText('计划与实际').waitFor()
    await s.shot(manager, '16-project')
    await s.accessible(manager)
    // A colleague pauses it elsewhere; this page says so by itself.
    const elsewhere = await s.context('desk')
    await signInApi(elsewhere, base, who.project_manager.userName)
    await api(elsewhere, base, 'POST', `/api/projects/${project.id}/pause`, {
      reason: '客户机房停电检修',
      responsibility: 'customer',
    })
    await manager.getByText('客户机房停电检修').first().waitFor()
    await api(elsewhere, base, 'POST', `/api/projects/${project.id}/resume`, { movePlan: false })
  })

  await s.step('HR sees the numbers with definition and rows, and exports them', async () => {
    const hr = await s.context('desk')
    await enter(hr, base, '/metrics', who.hr)
    for (const name of ['工单完成率', '平均响应时长', '客户好评率']) await hr.getByText(name).first().waitFor()
    await hr
      .getByText(/n = \d+/)
      .first()
      .waitFor()
    await s.shot(hr, '17-metrics')
    await s.accessible(hr)
    await hr.getByRole('button', { name: '导出' }).click()
    const [download] = await Promise.all([hr.waitForEvent('download'), hr.getByText('全部指标，Excel').click()])
    const bytes = readFileSync(await download.path())
    assert.equal(bytes.subarray(0, 2).toString(), 'PK', 'an XLSX is a zip')
  })
}

async function assertEventually(check, what) {
  for (let i = 0; i < 50; i++) {
    if (await check()) return
    await new Promise((done) => setTimeout(done, 200))
  }
  throw new Error(`not within 10 seconds: ${what}`)
}
