import { z } from 'zod'
import { roles, scopes } from './abilities'
import { Can, Id, IdParams, Instant, Name, Ok, Page, page, Rev, text } from './common.schema'
import { defineRoute } from './route'

export const Role = z.enum(roles)
export const Scope = z.enum(scopes)
export const Grant = z.object({ role: Role, scope: Scope, refId: Id.nullable() })

export const UserName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{1,39}$/)
export const Password = z.string().min(1).max(200)

export const Me = z.object({
  id: Id,
  userName: z.string(),
  name: z.string(),
  teamId: Id.nullable(),
  teamName: z.string().nullable(),
  roles: z.array(Role),
  locale: z.enum(['zh-CN', 'en-US']),
  engineerId: Id.nullable(),
  demo: z.boolean(),
  companyName: z.string(),
  zone: z.string(),
  /** What this person may do at all, whatever the row: decides which places the rail shows. */
  abilities: z.array(z.string()),
})

export const Person = z.object({
  id: Id,
  userName: z.string(),
  name: z.string(),
  phone: z.string().nullable(),
  teamId: Id.nullable(),
  teamName: z.string().nullable(),
  grants: z.array(Grant),
  disabled: z.boolean(),
  rev: Rev,
  lastSeenAt: Instant.nullable(),
  can: Can,
})

export const Team = z.object({
  id: Id,
  parentId: Id.nullable(),
  kind: z.enum(['company', 'region', 'department', 'team']),
  name: z.string(),
  people: z.number().int(),
})

const tag = 'people'

export const peopleRoutes = {
  signIn: defineRoute({
    method: 'POST',
    path: '/api/session',
    tag,
    access: 'public',
    errors: ['sign_in_failed', 'sign_in_throttled', 'account_disabled', 'demo_only'],
    summary: { zh: '登录', en: 'Sign in' },
    body: z.object({
      userName: z.string().trim().toLowerCase().min(1).max(60),
      password: Password,
      face: z.enum(['desk', 'field']).default('desk'),
    }),
    reply: Me,
  }),
  demoAccounts: defineRoute({
    method: 'GET',
    path: '/api/session/demo',
    tag,
    access: 'public',
    summary: { zh: '演示账号（仅演示模式）', en: 'Demo accounts (demo mode only)' },
    reply: z.object({
      accounts: z.array(
        z.object({
          userName: z.string(),
          name: z.string(),
          role: Role,
          face: z.enum(['desk', 'field']),
          password: z.string(),
        }),
      ),
    }),
  }),
  me: defineRoute({
    method: 'GET',
    path: '/api/session',
    tag,
    access: 'self',
    summary: { zh: '我是谁', en: 'Who am I' },
    reply: Me,
  }),
  setLocale: defineRoute({
    method: 'POST',
    path: '/api/session/locale',
    tag,
    access: 'self',
    command: 'session.setLocale',
    summary: { zh: '切换语言', en: 'Switch language' },
    body: z.object({ locale: z.enum(['zh-CN', 'en-US']) }),
    reply: Ok,
  }),
  signOut: defineRoute({
    method: 'DELETE',
    path: '/api/session',
    tag,
    access: 'self',
    summary: { zh: '退出登录', en: 'Sign out' },
    reply: Ok,
  }),
  signOutEverywhere: defineRoute({
    method: 'DELETE',
    path: '/api/sessions',
    tag,
    access: 'self',
    summary: { zh: '退出所有设备', en: 'Sign out everywhere' },
    reply: Ok,
  }),
  changePassword: defineRoute({
    method: 'POST',
    path: '/api/session/password',
    tag,
    access: 'self',
    errors: ['sign_in_failed', 'password_weak'],
    summary: { zh: '修改密码', en: 'Change password' },
    body: z.object({ current: Password, next: Password }),
    reply: Ok,
  }),
  listPeople: defineRoute({
    method: 'GET',
    path: '/api/people',
    tag,
    access: 'people.read',
    summary: { zh: '同事列表', en: 'Colleagues' },
    query: Page.extend({ q: z.string().max(100).optional(), teamId: Id.optional(), role: Role.optional() }),
    reply: page(Person),
  }),
  getPerson: defineRoute({
    method: 'GET',
    path: '/api/people/:id',
    tag,
    access: 'people.read',
    summary: { zh: '同事详情', en: 'One colleague' },
    params: IdParams,
    reply: Person,
  }),
  addPerson: defineRoute({
    method: 'POST',
    path: '/api/people',
    tag,
    access: 'people.manage',
    command: 'person.add',
    errors: ['user_name_taken', 'password_weak'],
    summary: { zh: '新增人员', en: 'Add a person' },
    body: z.object({
      id: Id.optional(),
      userName: UserName,
      name: Name,
      phone: z.string().max(30).nullable().default(null),
      teamId: Id.nullable(),
      grants: z.array(Grant).max(20),
      password: Password,
    }),
    reply: Person,
  }),
  editPerson: defineRoute({
    method: 'PATCH',
    path: '/api/people/:id',
    tag,
    access: 'people.manage',
    command: 'person.edit',
    errors: ['changed_meanwhile', 'last_administrator'],
    summary: { zh: '修改人员', en: 'Edit a person' },
    params: IdParams,
    body: z.object({
      name: Name.optional(),
      phone: z.string().max(30).nullable().optional(),
      teamId: Id.nullable().optional(),
      grants: z.array(Grant).max(20).optional(),
    }),
    reply: Person,
  }),
  disablePerson: defineRoute({
    method: 'POST',
    path: '/api/people/:id/disable',
    tag,
    access: 'people.manage',
    command: 'person.disable',
    errors: ['last_administrator'],
    summary: { zh: '停用账号', en: 'Disable an account' },
    params: IdParams,
    body: z.object({ reason: text(500) }),
    reply: Person,
  }),
  enablePerson: defineRoute({
    method: 'POST',
    path: '/api/people/:id/enable',
    tag,
    access: 'people.manage',
    command: 'person.enable',
    summary: { zh: '启用账号', en: 'Enable an account' },
    params: IdParams,
    body: z.object({}),
    reply: Person,
  }),
  resetPassword: defineRoute({
    method: 'POST',
    path: '/api/people/:id/password',
    tag,
    access: 'people.manage',
    command: 'person.resetPassword',
    errors: ['password_weak'],
    summary: { zh: '重置密码', en: 'Reset a password' },
    params: IdParams,
    body: z.object({ password: Password }),
    reply: Ok,
  }),
  listTeams: defineRoute({
    method: 'GET',
    path: '/api/teams',
    tag,
    access: 'people.read',
    summary: { zh: '团队树', en: 'Team tree' },
    reply: z.object({ teams: z.array(Team) }),
  }),
}
