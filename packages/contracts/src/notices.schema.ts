import { z } from 'zod'
import { Can, Id, IdParams, Instant, Ok, Page, page, Rev, text } from './common.schema'
import { OrderType } from './orders.schema'
import { defineRoute } from './route'

const Group = z.enum(['dispatch', 'checkin', 'request', 'talk', 'survey', 'project', 'report', 'operations'])
const Urgency = z.enum(['urgent', 'normal', 'quiet'])
const WallTime = z.iso.time({ precision: -1 })
const Hours = z.object({ from: WallTime, to: WallTime })
const Email = z.email().max(200)
const Zone = z
  .string()
  .max(60)
  .refine((zone) => {
    try {
      return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
    } catch {
      return false
    }
  }, 'zone')

export const Notice = z.object({
  id: Id,
  code: z.string(),
  group: Group,
  params: z.record(z.string(), z.unknown()),
  subject: z.object({ kind: z.string(), id: Id }),
  urgency: Urgency,
  /** How often it was said before it was read. */
  count: z.number().int(),
  createdAt: Instant,
  readAt: Instant.nullable(),
})

const Switches = z.partialRecord(Group, z.object({ push: z.boolean().optional(), email: z.boolean().optional() }))
const Preferences = z.object({
  email: Email.nullable(),
  switches: Switches,
  /** null: the company's hours. */
  quiet: Hours.nullable(),
  zone: Zone.nullable(),
  away: z.object({ from: Instant, to: Instant }).nullable(),
})

const PushSubscription = z.object({ id: Id, label: z.string(), endpoint: z.string(), createdAt: Instant })

export const NoticeSettings = z.object({
  quiet: Hours,
  /** Urgent news of these groups does not wait for the morning. */
  throughQuiet: z.array(Group).max(8),
  dedupeMin: z.number().int().min(0).max(1440),
  pushAfterSec: z.object({ urgent: z.number().int().min(0).max(600), normal: z.number().int().min(0).max(3600) }),
  mailAfterMin: z.object({ urgent: z.number().int().min(0).max(240), normal: z.number().int().min(0).max(1440) }),
  digestAt: WallTime,
  defaults: z.record(Group, z.object({ push: z.boolean(), email: z.boolean() })),
})
export const MailSettings = z.object({
  enabled: z.boolean(),
  host: text(200),
  port: z.number().int().min(1).max(65_535),
  security: z.enum(['tls', 'starttls', 'none']),
  user: text(200).nullable(),
  from: text(200),
})

const Vendor = z.enum(['dingtalk', 'feishu', 'wecom'])
const NewRobot = z.object({
  vendor: Vendor,
  name: text(60),
  webhook: z.url({ protocol: /^https?$/ }).max(500),
  secret: text(200).nullable().default(null),
  locale: z.enum(['zh-CN', 'en-US']).default('zh-CN'),
  enabled: z.boolean().default(true),
  teamIds: z.array(Id).max(100).default([]),
  orderTypes: z.array(OrderType).max(20).default([]),
  codes: z.array(text(60)).max(100),
})
const Robot = z.object({
  id: Id,
  vendor: Vendor,
  name: z.string(),
  /** The address is an ability and never shown again. */
  host: z.string(),
  signed: z.boolean(),
  locale: z.enum(['zh-CN', 'en-US']),
  enabled: z.boolean(),
  teamIds: z.array(Id),
  orderTypes: z.array(OrderType),
  codes: z.array(z.string()),
  throttledUntil: Instant.nullable(),
  waiting: z.number().int(),
  lastSentAt: Instant.nullable(),
  rev: Rev,
  can: Can,
})

const DeliveryState = z.enum(['queued', 'sending', 'sent', 'skipped', 'failed', 'unknown'])
const DeliveryChannel = z.enum(['push', 'email', 'dingtalk', 'feishu', 'wecom'])
const Delivery = z.object({
  id: Id,
  channel: DeliveryChannel,
  person: z.object({ id: Id, name: z.string() }).nullable(),
  robot: z.object({ id: Id, name: z.string() }).nullable(),
  target: z.string(),
  code: z.string(),
  params: z.record(z.string(), z.unknown()),
  subject: z.object({ kind: z.string(), id: Id }),
  urgency: Urgency,
  state: DeliveryState,
  why: z.string().nullable(),
  detail: z.string().nullable(),
  attempts: z.number().int(),
  createdAt: Instant,
  dueAt: Instant,
  triedAt: Instant.nullable(),
  sentAt: Instant.nullable(),
  can: Can,
})

const tag = 'notices'
const RobotReply = z.object({ robots: z.array(Robot), can: Can })

export const noticesRoutes = {
  listNotices: defineRoute({
    method: 'GET',
    path: '/api/notices',
    tag,
    access: 'self',
    summary: { zh: '我的消息', en: 'My notices' },
    query: Page.extend({ unread: z.enum(['true', 'false']).optional(), group: Group.optional() }),
    reply: page(Notice).extend({
      unread: z.number().int(),
      /** Unread by group, for the filter. */
      groups: z.array(z.object({ group: Group, unread: z.number().int() })),
    }),
  }),
  readNotices: defineRoute({
    method: 'POST',
    path: '/api/notices/read',
    tag,
    access: 'self',
    command: 'notice.read',
    summary: { zh: '标为已读', en: 'Mark as read' },
    body: z.object({
      ids: z.array(Id).max(200).optional(),
      group: Group.optional(),
      /** Everything about one thing: it has just been looked at. */
      subjectId: Id.optional(),
    }),
    reply: Ok,
  }),
  noticePreferences: defineRoute({
    method: 'GET',
    path: '/api/notices/preferences',
    tag,
    access: 'self',
    summary: { zh: '我的通知设置', en: 'How I want to be told' },
    reply: z.object({
      preferences: Preferences,
      /** What holds where nothing is chosen. */
      company: z.object({
        quiet: Hours,
        zone: z.string(),
        defaults: NoticeSettings.shape.defaults,
        digestAt: WallTime,
      }),
      channels: z.object({
        push: z.object({ publicKey: z.string() }),
        email: z.object({ connected: z.boolean() }),
      }),
      subscriptions: z.array(PushSubscription),
    }),
  }),
  setNoticePreferences: defineRoute({
    method: 'PUT',
    path: '/api/notices/preferences',
    tag,
    access: 'self',
    command: 'notice.set_preferences',
    summary: { zh: '修改我的通知设置', en: 'Change how I want to be told' },
    errors: ['time_order'],
    body: Preferences,
    reply: Preferences,
  }),
  subscribePush: defineRoute({
    method: 'POST',
    path: '/api/notices/push-subscriptions',
    tag,
    access: 'self',
    command: 'notice.subscribe',
    summary: { zh: '在这台设备上开启推送', en: 'Turn push on for this device' },
    body: z.object({
      endpoint: z.url({ protocol: /^https?$/ }).max(1000),
      keys: z.object({
        p256dh: z.string().regex(/^[A-Za-z0-9_-]{86,88}=?$/, 'key'),
        auth: z.string().regex(/^[A-Za-z0-9_-]{22}={0,2}$/, 'key'),
      }),
      label: text(60),
    }),
    reply: PushSubscription,
  }),
  unsubscribePush: defineRoute({
    method: 'DELETE',
    path: '/api/notices/push-subscriptions/:id',
    tag,
    access: 'self',
    command: 'notice.unsubscribe',
    summary: { zh: '关闭一台设备的推送', en: 'Turn push off for a device' },
    params: IdParams,
    reply: Ok,
  }),
  testMyNotices: defineRoute({
    method: 'POST',
    path: '/api/notices/test',
    tag,
    access: 'self',
    command: 'notice.test',
    summary: { zh: '给自己发一条测试通知', en: 'Send a test notice to myself' },
    errors: ['channel_not_connected'],
    body: z.object({ channel: z.enum(['push', 'email']) }),
    reply: z.object({ deliveryIds: z.array(Id) }),
  }),
  myDelivery: defineRoute({
    method: 'GET',
    path: '/api/notices/deliveries/:id',
    tag,
    access: 'self',
    summary: { zh: '我的一条发送记录', en: 'One delivery to me' },
    params: IdParams,
    reply: z.object({ state: DeliveryState, why: z.string().nullable(), detail: z.string().nullable() }),
  }),

  getNoticeSettings: defineRoute({
    method: 'GET',
    path: '/api/notice-settings',
    tag,
    access: 'notice.log',
    summary: { zh: '通知规则与通道', en: 'Rules and channels of notices' },
    reply: z.object({
      settings: NoticeSettings,
      mail: MailSettings.extend({ hasPassword: z.boolean() }).nullable(),
      push: z.object({ publicKey: z.string(), devices: z.number().int(), people: z.number().int() }),
      can: Can,
    }),
  }),
  setNoticeSettings: defineRoute({
    method: 'PUT',
    path: '/api/notice-settings',
    tag,
    access: 'notice.manage',
    command: 'notice.set_settings',
    summary: { zh: '修改通知规则', en: 'Change the rules of notices' },
    body: NoticeSettings,
    reply: NoticeSettings,
  }),
  setNoticeMail: defineRoute({
    method: 'PUT',
    path: '/api/notice-settings/mail',
    tag,
    access: 'notice.manage',
    command: 'notice.set_mail',
    summary: { zh: '设置邮件服务器', en: 'Set the mail server' },
    body: MailSettings.extend({
      /** Left out: the one that is kept. */
      password: text(200).optional(),
    }),
    reply: MailSettings.extend({ hasPassword: z.boolean() }),
  }),
  testNoticeMail: defineRoute({
    method: 'POST',
    path: '/api/notice-settings/mail/test',
    tag,
    access: 'notice.manage',
    command: 'notice.test_mail',
    summary: { zh: '发一封测试邮件', en: 'Send a test mail' },
    errors: ['channel_not_connected'],
    body: z.object({ to: Email }),
    reply: z.object({ deliveryId: Id }),
  }),

  listNoticeRobots: defineRoute({
    method: 'GET',
    path: '/api/notice-robots',
    tag,
    access: 'notice.log',
    summary: { zh: '群机器人', en: 'Group robots' },
    reply: RobotReply,
  }),
  addNoticeRobot: defineRoute({
    method: 'POST',
    path: '/api/notice-robots',
    tag,
    access: 'notice.manage',
    command: 'notice.add_robot',
    summary: { zh: '添加群机器人', en: 'Add a group robot' },
    errors: ['robot_code_unknown'],
    body: NewRobot,
    reply: Robot,
  }),
  editNoticeRobot: defineRoute({
    method: 'PATCH',
    path: '/api/notice-robots/:id',
    tag,
    access: 'notice.manage',
    command: 'notice.edit_robot',
    summary: { zh: '修改群机器人', en: 'Change a group robot' },
    errors: ['robot_code_unknown'],
    params: IdParams,
    body: z.object({
      name: text(60).optional(),
      webhook: NewRobot.shape.webhook.optional(),
      secret: text(200).nullable().optional(),
      locale: z.enum(['zh-CN', 'en-US']).optional(),
      enabled: z.boolean().optional(),
      teamIds: z.array(Id).max(100).optional(),
      orderTypes: z.array(OrderType).max(20).optional(),
      codes: z.array(text(60)).max(100).optional(),
    }),
    reply: Robot,
  }),
  removeNoticeRobot: defineRoute({
    method: 'DELETE',
    path: '/api/notice-robots/:id',
    tag,
    access: 'notice.manage',
    command: 'notice.remove_robot',
    summary: { zh: '移除群机器人', en: 'Remove a group robot' },
    params: IdParams,
    reply: Ok,
  }),
  testNoticeRobot: defineRoute({
    method: 'POST',
    path: '/api/notice-robots/:id/test',
    tag,
    access: 'notice.manage',
    command: 'notice.test_robot',
    summary: { zh: '让机器人发一条测试消息', en: 'Let a robot say a test message' },
    params: IdParams,
    reply: z.object({ deliveryId: Id }),
  }),

  listDeliveries: defineRoute({
    method: 'GET',
    path: '/api/deliveries',
    tag,
    access: 'notice.log',
    summary: { zh: '发送记录', en: 'Delivery log' },
    query: Page.extend({
      channel: DeliveryChannel.optional(),
      state: DeliveryState.optional(),
      personId: Id.optional(),
      robotId: Id.optional(),
      code: text(60).optional(),
    }),
    reply: page(Delivery).extend({
      /** Of the last 24 hours. */
      counts: z.object({ sent: z.number().int(), waiting: z.number().int(), failed: z.number().int() }),
    }),
  }),
  getDelivery: defineRoute({
    method: 'GET',
    path: '/api/deliveries/:id',
    tag,
    access: 'notice.log',
    summary: { zh: '一条发送记录', en: 'One delivery' },
    params: IdParams,
    reply: Delivery,
  }),
  retryDelivery: defineRoute({
    method: 'POST',
    path: '/api/deliveries/:id/retry',
    tag,
    access: 'notice.manage',
    command: 'notice.retry',
    summary: { zh: '再发一次', en: 'Send it again' },
    errors: ['delivery_not_over'],
    params: IdParams,
    reply: Delivery,
  }),
}
