// How notices left the demo company's house: robots of its groups (switched off here: nothing may leave a demo), what
// some people chose, and the delivery log of the last days, told from the visits that were offered.

import type { App } from '../src/platform/app'
import { sql, wrap } from '../src/platform/database/pool'
import { Hands } from './hands'

const robots = [
  {
    vendor: 'dingtalk' as const,
    name: '派工协同群',
    webhook: 'https://oapi.dingtalk.com/robot/send?access_token=demo',
    secret: 'SECdemo',
    codes: ['visit_declined', 'visit_missed', 'offer_waiting', 'offer_unanswered'],
  },
  {
    vendor: 'feishu' as const,
    name: '维修班组群',
    webhook: 'https://open.feishu.cn/open-apis/bot/v2/hook/demo',
    secret: 'demo',
    codes: ['visit_offered', 'visit_rescheduled', 'visit_cancelled'],
    orderTypes: ['repair' as const],
  },
  {
    vendor: 'wecom' as const,
    name: '项目经理群',
    webhook: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=demo',
    secret: null,
    codes: ['project_at_risk', 'followup_opened'],
  },
]

export async function seedNotices(app: App): Promise<void> {
  const db = wrap(app.pool)
  const now = app.clock.now()
  const operations = await db.maybe<{ id: string }>(
    sql`select u.id from users u join user_grants g on g.user_id = u.id where g.role = 'operations' and g.scope = 'all' order by u.created_at, u.id limit 1`,
  )
  if (!operations) return
  const hands = new Hands(app)
  const person = await hands.person(operations.id)
  for (const robot of robots)
    await hands.does(person, 'notice.add_robot', {
      body: { teamIds: [], orderTypes: [], locale: 'zh-CN', enabled: false, ...robot },
    })
  // Those who are often at a desk gave an address; one engineer is away next week.
  await db.run(sql`
    insert into notice_preferences (user_id, email, channels, changed_at)
    select u.id, replace(u.user_name, '_', '.') || '@example.com', '{"talk": {"email": true}}', ${now} from users u
    where exists (select 1 from user_grants g where g.user_id = u.id and g.role in ('project_manager', 'supervisor', 'operations'))
    on conflict do nothing`)
  // What the inbox of each engineer still shows of the last days: read when the offer was taken.
  await db.run(sql`
    insert into notices (id, user_id, code, params, subject_kind, subject_id, urgency, created_at, read_at)
    select gen_random_uuid(), v.engineer_id, 'visit_offered',
      jsonb_build_object('start', v.planned_start, 'end', v.planned_end, 'orderId', v.order_id, 'orderNumber', r.number, 'title', r.title,
        'customerName', coalesce(c.short_name, c.name)),
      'visit', v.id, 'urgent', e.occurred_at, coalesce(v.taken_at, e.occurred_at + interval '4 minutes')
    from events e join visits v on v.id = e.aggregate_id join orders r on r.id = v.order_id join customers c on c.id = r.customer_id
    where e.type = 'visit.offered' and v.engineer_id is not null and e.occurred_at > ${now}::timestamptz - interval '5 days' and e.occurred_at <= ${now}
      and not exists (select 1 from notices n where n.subject_id = v.id and n.user_id = v.engineer_id and n.code = 'visit_offered')`)
  // A push for each offer of the last three days; of twenty one was read before, one met a dead phone, one a bad line.
  await db.run(sql`
    insert into deliveries (id, channel, user_id, target, code, params, subject_kind, subject_id, urgency, state, why, detail, attempts, due_at, tried_at, sent_at, created_at)
    select gen_random_uuid(), 'push', o.engineer_id, o.phone, 'visit_offered', o.params, 'visit', o.id, 'urgent',
      case o.luck when 0 then 'skipped' when 1 then 'skipped' when 2 then 'failed' else 'sent' end,
      case o.luck when 0 then 'read' when 1 then 'gone' when 2 then 'timeout' end,
      case o.luck when 1 then 'HTTP 410' when 2 then 'fcm.googleapis.com: 10000 ms' end,
      case o.luck when 0 then 0 when 2 then 6 when 3 then 2 else 1 end,
      o.at + interval '10 seconds', case when o.luck > 0 then o.at + interval '11 seconds' end,
      case when o.luck > 2 then o.at + interval '12 seconds' end, o.at
    from (select v.id, v.engineer_id, e.occurred_at as at, abs(hashtext(v.id::text)) % 20 as luck,
        (array['华为 Mate 60 · 华为浏览器', 'Xiaomi 14 · Chrome', 'iPhone · Safari', 'OPPO Find X7 · Chrome'])[1 + abs(hashtext(v.engineer_id::text)) % 4] as phone,
        jsonb_build_object('start', v.planned_start, 'end', v.planned_end, 'orderId', v.order_id, 'title', r.title, 'customerName', coalesce(c.short_name, c.name)) as params
      from events e join visits v on v.id = e.aggregate_id join orders r on r.id = v.order_id join customers c on c.id = r.customer_id
      where e.type = 'visit.offered' and v.engineer_id is not null and e.occurred_at > ${now}::timestamptz - interval '3 days' and e.occurred_at <= ${now}) o`)
  // What the groups heard while their robots were on: until this morning.
  await db.run(sql`
    insert into deliveries (id, channel, robot_id, target, code, params, subject_kind, subject_id, urgency, names, state, attempts, due_at, tried_at, sent_at, created_at)
    select gen_random_uuid(), b.vendor, b.id, b.name, 'visit_declined',
      jsonb_build_object('by', e.actor_name, 'reason', e.reason, 'orderId', v.order_id, 'customerName', coalesce(c.short_name, c.name)), 'visit', v.id, 'urgent',
      '{}', 'sent', 1, e.occurred_at, e.occurred_at + interval '1 second', e.occurred_at + interval '2 seconds', e.occurred_at
    from events e join visits v on v.id = e.aggregate_id join orders r on r.id = v.order_id join customers c on c.id = r.customer_id
      join notice_robots b on b.codes @> array['visit_declined']
    where e.type = 'visit.declined' and e.occurred_at > ${now}::timestamptz - interval '3 days' and e.occurred_at <= ${now}`)
}
