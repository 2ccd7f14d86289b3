// The CRM of the demo company: a source with the shipped mapping, and what it sent that could not be read.

import { receive } from '../src/connectors/crm/receive'
import { findSource } from '../src/connectors/crm/store'
import type { App } from '../src/platform/app'
import { sql, wrap } from '../src/platform/database/pool'
import { Hands } from './hands'

const order = (id: string, more: Record<string, unknown>) =>
  JSON.stringify({
    attributes: { type: 'WorkOrder' },
    Id: id,
    WorkOrderNumber: id.slice(-8),
    Priority: 'Medium',
    Status: 'New',
    WorkType: { Name: 'Break/Fix' },
    ...more,
  })

/** Three deliveries as such systems send them on a bad day. */
const unread = [
  order('0WO5g0000031cDEGAV', {
    Subject: '收费窗口打印机不出票',
    Description: '三号窗口，早上开机后一直脱机。',
    Account: null,
    Street: '宜山路 1339 号',
    City: '徐汇区',
    State: '上海市',
  }),
  order('0WO5g0000032fGHGAV', {
    Subject: '门禁读卡器间歇失灵',
    StartDate: '下周三上午',
    EndDate: '下周三中午',
    AccountId: '0015g00000QkLmNAAF',
    Account: { Name: '上海星海医院' },
    Street: '新金桥路 822 号',
    City: '浦东新区',
    State: '上海市',
  }),
  '{"Id":"0WO5g0000033hIJGAV","Subject":"网络巡检","Account":{"Name":"南京紫岫医院"}',
]

/** Sets the source up as its operations colleague would, and lets the three deliveries arrive. */
export async function seedIntake(app: App): Promise<void> {
  const db = wrap(app.pool)
  const operations = await db.maybe<{ id: string }>(
    sql`select u.id from users u join user_grants g on g.user_id = u.id where g.role = 'operations' and g.scope = 'all' order by u.created_at, u.id limit 1`,
  )
  const region = await db.maybe<{ id: string }>(
    sql`select id from teams where kind = 'region' order by position limit 1`,
  )
  if (!operations) return
  const hands = new Hands(app)
  await hands.does(await hands.person(operations.id), 'intake.addSource', {
    body: { key: 'crm', name: 'Salesforce', teamId: region?.id ?? null, mapping: 'salesforce-workorder' },
  })
  const source = await findSource(db, 'crm', app.clock.now())
  if (!source) throw new Error('the source that was just added is gone')
  for (const [i, payload] of unread.entries()) await receive(app, hands.read, source, `msg_demo_${i}`, payload)
}
