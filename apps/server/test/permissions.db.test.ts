import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { abilityRoles, type Role, type RouteDef, routes } from '#contracts'
import { customersRoutes } from '#contracts/customers.schema'
import { modules } from '../src/modules'
import { customers } from '../src/modules/customers'
import { buildCorners, type Corners } from './corners'
import { checkCrossings, checkPermissions, type Finding, keyOf, requestOf } from './permissions'
import { type World, world } from './world'

const all = Object.values(routes) as RouteDef[]
let w: World
let corners: Corners
beforeAll(async () => {
  w = await world()
  corners = await buildCorners(w)
})
afterAll(() => w.close())

const line = (f: Finding) => `${f.role}/${f.scope}/${f.kind} ${f.route}: expected ${f.expected}, got ${f.got}`

describe('the permission table', () => {
  it('holds in every cell of role × scope × route × row, and no answer shows a row out of reach', async () => {
    const began = Date.now()
    const report = await checkPermissions(w, corners, all)
    console.warn(
      `permissions: ${report.cells} cells over ${report.routes} routes in ${Date.now() - began} ms: ${JSON.stringify(report.tally)}`,
    )
    expect(report.findings.map(line)).toEqual([])
    // Names only others than the one who asks; positions carry no name; nobody here has a crew, or lost a visit offline.
    expect(report.blind.sort()).toEqual([
      'GET /api/field/lost',
      'GET /api/threads/:kind/:id/people',
      'GET /api/visits/:id/crew',
      'GET /api/visits/:id/positions',
    ])
  }, 120_000)

  it('lets nobody tie a row of his own to one out of reach', async () => {
    await corners.grantAll('team')
    const { cells, accepted } = await checkCrossings(w, corners, all)
    expect(cells).toBeGreaterThan(20)
    expect(accepted).toEqual([])
  })
})

describe('a planted hole', () => {
  it('is reported when an ability is given to one more role', async () => {
    const table = structuredClone(abilityRoles) as Record<string, readonly Role[]>
    const edit = abilityRoles['customer.edit'] as unknown as Role[]
    edit.push('auditor')
    try {
      const { findings } = await checkPermissions(w, corners, [customersRoutes.editCustomer], table)
      expect(new Set(findings.map((f) => `${f.route} ${f.role}`))).toEqual(
        new Set([`${keyOf(customersRoutes.editCustomer)} auditor`]),
      )
      // Five scopes reach my own row; all of them reach the far one only with `all`.
      expect(findings.map((f) => `${f.scope} ${f.kind}`).sort()).toEqual(
        ['all far', 'all mine', 'customer mine', 'own mine', 'region mine', 'team mine'].sort(),
      )
    } finally {
      edit.pop()
    }
  })

  it('is reported when one handler forgets to ask', async () => {
    const open = { ...customers, handlers: customers.handlers?.map((h) => h) ?? [] }
    const at = open.handlers.findIndex((h) => h.route === customersRoutes.getCustomer)
    const handler = open.handlers[at] as (typeof open.handlers)[number]
    // The same query as for somebody who may see everything.
    open.handlers[at] = {
      ...handler,
      handle: (ctx, input) => handler.handle({ ...ctx, actor: { ...ctx.actor, kind: 'system' } }, input),
    }
    const holed = await world({ modules: modules.map((m) => (m === customers ? open : m)) })
    try {
      const report = await checkPermissions(holed, await buildCorners(holed), [customersRoutes.getCustomer])
      const outside = report.findings.filter((f) => f.expected === 'denied')
      expect(report.findings).toEqual(outside)
      expect(new Set(outside.map((f) => `${f.scope} ${f.kind}`))).toEqual(
        new Set([
          'own beside',
          'own region',
          'own far',
          'team region',
          'team far',
          'region far',
          'customer beside',
          'customer region',
          'customer far',
        ]),
      )
    } finally {
      await holed.close()
    }
  })
})

describe('doors without an ability', () => {
  it('are these and no others', () => {
    const doors: Record<string, string[]> = { public: [], self: [], link: [], signature: [] }
    for (const r of all) doors[r.access]?.push(keyOf(r))
    for (const list of Object.values(doors)) list.sort()
    expect(doors).toMatchInlineSnapshot(`
      {
        "link": [
          "GET /api/link/:token",
          "GET /api/link/:token/documents/:id",
          "GET /api/link/:token/documents/:id/pdf",
          "GET /api/link/:token/photos/:id",
          "GET /api/site-screen/:token",
          "POST /api/link/:token/accept",
          "POST /api/link/:token/confirm",
          "POST /api/link/:token/documents/:id/sign",
          "POST /api/link/:token/reject",
          "POST /api/link/:token/survey",
        ],
        "public": [
          "GET /api/session/demo",
          "GET /healthz",
          "GET /readyz",
          "POST /api/session",
        ],
        "self": [
          "DELETE /api/notices/push-subscriptions/:id",
          "DELETE /api/session",
          "DELETE /api/sessions",
          "GET /api/field/colleagues",
          "GET /api/live",
          "GET /api/notices",
          "GET /api/notices/deliveries/:id",
          "GET /api/notices/preferences",
          "GET /api/session",
          "GET /api/skills",
          "POST /api/commands",
          "POST /api/field/device",
          "POST /api/field/nonces",
          "POST /api/field/sync",
          "POST /api/field/track-consent",
          "POST /api/notices/push-subscriptions",
          "POST /api/notices/read",
          "POST /api/notices/test",
          "POST /api/session/locale",
          "POST /api/session/password",
          "PUT /api/notices/preferences",
        ],
        "signature": [
          "POST /api/intake/:key",
        ],
      }
    `)
  })
  it('refuse a stranger wherever a session is asked for', async () => {
    for (const route of all.filter((r) => !['public', 'link', 'signature'].includes(r.access))) {
      const url = route.path.replace(/:\w+/g, '019ab3c0-0000-7000-8000-000000000000')
      const answer = await w.http.inject({ method: route.method, url })
      expect(`${keyOf(route)} ${answer.statusCode}`).toBe(`${keyOf(route)} 401`)
      expect(answer.json().code).toBe('signed_out')
    }
  })
  it('refuse a link that was never given out, a paper of another visit and a delivery without signature', async () => {
    const { mine, far } = corners.of
    const token = mine.ids.token as string
    const send = async (route: RouteDef, values: Record<string, string>) => {
      const url = route.path.replace(/:(\w+)/g, (_, name: string) => values[name] as string)
      const request = requestOf(route, mine, 7)
      const answer = await w.http.inject({ ...request, url } as never)
      return `${keyOf(route)} ${(answer.json() as { code: string }).code}`
    }
    for (const route of all.filter((r) => r.access === 'link')) {
      const id = mine.rows.document as string
      expect(await send(route, { token: 'A'.repeat(32), id })).toBe(`${keyOf(route)} link_unknown`)
      if (!route.path.includes(':id')) continue
      const foreign = await send(route, { token, id: far.rows.document as string })
      expect(foreign).toBe(`${keyOf(route)} not_found`)
    }
    for (const route of all.filter((r) => r.access === 'signature'))
      expect(await send(route, { key: mine.ids.key as string })).toBe(`${keyOf(route)} signature_missing`)
  })
})
