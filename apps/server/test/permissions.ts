import type { InjectOptions } from 'fastify'
import { abilityRoles, type Role, type RouteDef, roles, type Scope } from '#contracts'
import { type Corner, type Corners, type Kind, kinds } from './corners'
import { jsonSchema, random, sample } from './samples'
import { undoCommits } from './undo'
import type { World } from './world'

/** The scopes that a grant may have; a department is a region to the policy. */
export const scopesTested = ['own', 'team', 'region', 'customer', 'all'] as const satisfies readonly Scope[]
type ReachOf = (typeof scopesTested)[number]

/** Which corners a grant reaches: the whole oracle about scope, independent of the code that is tested. */
const reached: Record<ReachOf, readonly Kind[]> = {
  own: ['mine'],
  team: ['mine', 'beside'],
  region: ['mine', 'beside', 'region'],
  customer: ['mine'],
  all: kinds,
}

/** What the path says that a route is about. A new kind of row must be named here, or its routes are reported. */
const subjects: [prefix: string, aggregate: string][] = [
  ['/api/people', 'person'],
  ['/api/engineers', 'engineer'],
  ['/api/absences', 'absence'],
  ['/api/customers', 'customer'],
  ['/api/sites', 'site'],
  ['/api/contacts', 'contact'],
  ['/api/assets', 'asset'],
  ['/api/contracts', 'contract'],
  ['/api/orders', 'order'],
  ['/api/threads/:kind', 'thread'],
  ['/api/message-photos', 'photo'],
  ['/api/documents', 'document'],
  ['/api/link', 'document'],
  ['/api/site-screen', 'siteCode'],
  ['/api/intake', 'intakeItem'],
  ['/api/orders/:id/visits', 'order'],
  ['/api/visits', 'visit'],
  ['/api/visits/conflicts', 'conflict'],
  ['/api/field-conflicts', 'fieldConflict'],
  ['/api/refusals', 'refusal'],
  ['/api/field', 'visit'],
  ['/api/evidence', 'evidence'],
  ['/api/uploads', 'evidence'],
  ['/api/worksheets', 'worksheet'],
  ['/api/orders/:id/worksheets', 'order'],
  ['/api/dispatch', 'visit'],
  ['/api/projects', 'project'],
  ['/api/phases', 'phase'],
  ['/api/surveys', 'survey'],
  ['/api/follow-ups', 'followup'],
  ['/api/devices', 'device'],
  ['/api/site-codes', 'siteCode'],
  ['/api/arrival-policy', 'policy'],
  ['/api/requests', 'request'],
  ['/api/handovers', 'handover'],
  ['/api/escalations', 'escalation'],
  ['/api/pending-documents', 'paper'],
  ['/api/requests-policy', 'policy'],
  ['/api/metrics', 'person'],
  ['/api/reports', 'report'],
  ['/api/reports/week', 'person'],
  ['/api/time', 'person'],
  ['/api/time-corrections', 'correction'],
  ['/api/intake-sources', 'intakeSource'],
  ['/api/intake-secrets', 'intakeSecret'],
  ['/api/intake-items', 'intakeItem'],
  // Of the company: there is no row that could lie out of scope.
  ['/api/shifts', 'shift'],
  ['/api/skills', 'skill'],
  ['/api/certificate-kinds', 'skill'],
  ['/api/document-templates', 'template'],
  ['/api/checklists', 'checklist'],
  ['/api/parts', 'part'],
  ['/api/teams', 'team'],
  ['/api/audit', 'audit'],
  ['/api/thread-photos', 'upload'],
  ['/api/dispatch/policy', 'policy'],
  ['/api/notice-settings', 'policy'],
  ['/api/notice-robots', 'robot'],
  ['/api/deliveries', 'delivery'],
  ['/api/project-templates', 'template'],
  ['/api/project-plan', 'template'],
  ['/api/survey-definition', 'template'],
  ['/api/metrics/definitions', 'template'],
]
const ofTheCompany = new Set([
  'robot',
  'delivery',
  'shift',
  'skill',
  'template',
  'checklist',
  'part',
  'team',
  'audit',
  'upload',
  'policy',
])
/** Rows that belong to no customer: a grant for one customer does not reach them. */
const withoutCustomer = new Set([
  'person',
  'engineer',
  'absence',
  'device',
  'report',
  'refusal',
  'correction',
  'intakeSource',
  'intakeSecret',
  'intakeItem',
])
/** Rows of a team that are nobody's own. */
const withoutPeople = new Set(['intakeSource', 'intakeSecret', 'intakeItem'])

/** What is made anew is nobody's own yet, except where the request itself names its people; nor a known customer's. */
const reachedWhenCreated = (route: RouteDef, scope: ReachOf) =>
  route.path === '/api/customers'
    ? scope !== 'customer'
    : scope !== 'own' || ['/api/projects', '/api/dispatch/check'].includes(route.path)

const reaches = (scope: ReachOf, kind: Kind, subject: string) =>
  reached[scope].includes(kind) &&
  !(scope === 'customer' && withoutCustomer.has(subject)) &&
  !(scope === 'own' && withoutPeople.has(subject))

export interface Cell {
  route: string
  role: Role
  scope: ReachOf
  kind: Kind
}
export interface Finding extends Cell {
  expected: 'allowed' | 'denied' | 'no leak'
  got: string
}
export interface Report {
  cells: number
  routes: number
  findings: Finding[]
  /** Reading routes that never showed a row of mine to anybody: their leak checks would prove nothing. */
  blind: string[]
  /** How many cells came to which expectation. */
  tally: Record<Finding['expected'], number>
}

export const keyOf = (r: RouteDef) => `${r.method} ${r.path}`

/** The kind of row that a route with an ability is about. */
export function subjectOf(route: RouteDef): string {
  const found = subjects
    .filter(([prefix]) => route.path === prefix || route.path.startsWith(`${prefix}/`))
    .sort((a, b) => b[0].length - a[0].length)[0]
  if (!found) throw new Error(`${keyOf(route)}: say in permissions.ts which row it is about`)
  return found[1]
}

/** Requests of one route into one corner: valid by its schema, pointing at the corner's rows. */
export function requestOf(route: RouteDef, corner: Corner, seed: number): InjectOptions {
  const rnd = random(seed)
  const id = corner.rows[subjectOf(route)]
  const values = { kind: 'order', sha256: 'a'.repeat(64), code: 'networking', ...corner.ids, ...(id ? { id } : {}) }
  const url = route.path.replace(/:(\w+)/g, (_, name) => {
    const value = (values as Record<string, string>)[name]
    if (value === undefined) throw new Error(`${keyOf(route)}: nothing to put for :${name}`)
    return encodeURIComponent(value)
  })
  const valid = (schema: RouteDef['body'], ids: Record<string, string>) => {
    if (!schema) return undefined
    const json = jsonSchema(schema)
    for (let i = 0; i < 300; i++) {
      const value = sample(json, rnd, ids)
      if (schema.safeParse(value).success) return value
    }
    throw new Error(`no valid sample for ${keyOf(route)}`)
  }
  const wanted = (valid(route.query, corner.ids) ?? {}) as Record<string, unknown>
  // Wide enough for everything that the corners hold; a person's numbers as text.
  const [from, to] =
    String(wanted.from).length === 10 ? ['2026-11-01', '2027-01-31'] : ['2026-11-01T00:00:00Z', '2027-02-01T00:00:00Z']
  if ('from' in wanted)
    Object.assign(wanted, { from: 'days' in wanted ? '2026-11-20' : from }, 'to' in wanted ? { to } : {})
  if ('by' in wanted) wanted.by = 'person'
  const subject = 'subject' in wanted
  if (subject) Object.assign(wanted, { subject: 'person', id: corner.rows.person, format: 'csv' })
  const query = Object.entries(wanted)
    // What must be said, and for the other corners every filter that can point into them.
    .filter(
      ([name, v]) =>
        v !== undefined &&
        (required(route.query).includes(name) ||
          (subject && ['id', 'format'].includes(name)) ||
          (corner.kind !== 'mine' && name in corner.ids)),
    )
    .flatMap(([name, v]) =>
      (Array.isArray(v) ? v : [v]).map((x) => `${encodeURIComponent(name)}=${encodeURIComponent(String(x))}`),
    )
  return {
    method: route.method,
    url: query.length > 0 ? `${url}?${query.join('&')}` : url,
    ...(route.raw
      ? { payload: Buffer.from('x'), headers: { 'content-type': 'application/octet-stream' } }
      : route.body
        ? { payload: valid(route.body, corner.ids) as never }
        : {}),
  }
}

const required = (schema: RouteDef['query']) =>
  schema ? (((jsonSchema(schema).required as string[] | undefined) ?? []) as string[]) : []

/**
 * Asks every route with an ability for every role, scope and corner, over HTTP, and compares with what the permission
 * table says. Every command is undone, so that each cell meets the same world.
 */
export async function checkPermissions(
  w: World,
  corners: Corners,
  routes: readonly RouteDef[],
  table: Record<string, readonly Role[]> = abilityRoles,
): Promise<Report> {
  const report: Report = {
    cells: 0,
    routes: 0,
    findings: [],
    blind: [],
    tally: { allowed: 0, denied: 0, 'no leak': 0 },
  }
  const guarded = routes.filter((r) => r.access in table)
  report.routes = guarded.length
  const requests = new Map<string, InjectOptions>()
  for (const route of guarded)
    for (const kind of kinds) requests.set(`${keyOf(route)} ${kind}`, requestOf(route, corners.of[kind], 7))
  const shown = new Set<string>()
  const redo = undoCommits(w)
  try {
    for (const role of roles)
      for (const scope of scopesTested) {
        await corners.grant(role, scope)
        const cells = guarded.flatMap((route) => cellsOf(route, role, scope, table))
        report.cells += cells.length
        for (const [, , expected] of cells) report.tally[expected]++
        await inParallel(cells, 6, async ([route, cell, expected]) => {
          const request = requests.get(`${cell.route} ${cell.kind}`) as InjectOptions
          const got = await ask(w, corners, route, request, cell, expected, shown)
          if (got) report.findings.push({ ...cell, expected, got })
        })
      }
  } finally {
    redo()
  }
  report.blind = guarded
    .filter((r) => r.method === 'GET' && !ofTheCompany.has(subjectOf(r)) && !shown.has(keyOf(r)))
    .map(keyOf)
  return report
}

function cellsOf(
  route: RouteDef,
  role: Role,
  scope: ReachOf,
  table: Record<string, readonly Role[]>,
): [RouteDef, Cell, Finding['expected']][] {
  const cell = (kind: Kind): Cell => ({ route: keyOf(route), role, scope, kind })
  const has = (ability: string) => (table[ability] as readonly Role[]).includes(role)
  // Without the ability the door is shut whatever lies behind: one row near and one far.
  if (!has(route.access)) return (['mine', 'far'] as const).map((kind) => [route, cell(kind), 'denied'])
  const subject = subjectOf(route)
  if (ofTheCompany.has(subject)) return [[route, cell('mine'), 'allowed']]
  const aboutOne = route.path.includes(':')
  if (route.method === 'GET' && !aboutOne) return kinds.map((kind) => [route, cell(kind), 'no leak'])
  const cells = kinds.map((kind) => {
    const mine = kind === 'mine'
    const inScope = reaches(scope, kind, subject) && (aboutOne || reachedWhenCreated(route, scope))
    // Work at the customer's is the holder's alone, and so is the report of it, however far his grant reaches; a time may be moved by both.
    const near =
      route.access === 'visit.work' || route.access === 'report.write'
        ? mine
        : keyOf(route) === 'POST /api/visits/:id/reschedule'
          ? (inScope && has('visit.plan')) || (mine && has('visit.work'))
          : inScope
    return [route, cell(kind), near ? ('allowed' as const) : ('denied' as const)] as [
      RouteDef,
      Cell,
      'allowed' | 'denied',
    ]
  })
  // A PDF takes 200 ms to draw: who gets it is asked of one role, who does not of all.
  return route.path.endsWith('/pdf') && role !== table[route.access]?.[0]
    ? cells.filter(([, , expected]) => expected === 'denied')
    : cells
}

/** null when the answer is as expected, else what it was. */
async function ask(
  w: World,
  corners: Corners,
  route: RouteDef,
  request: InjectOptions,
  cell: Cell,
  expected: Finding['expected'],
  shown: Set<string>,
): Promise<string | null> {
  const subject = subjectOf(route)
  const response = await w.http.inject({
    ...request,
    headers: { ...request.headers, cookie: corners.me.cookie },
  } as InjectOptions)
  const { statusCode: status } = response
  const text = response.body
  const said = `${status} ${text.slice(0, 160)}`
  if (status >= 500) return said
  // An answer may tell of a refusal that somebody else met (an action tried again as its owner): that is not one's own.
  const refused = status === 401 || (status >= 400 && /"code":"(forbidden|not_found)"/.test(text))
  if (expected === 'denied') return status === 403 || status === 404 ? null : said
  // A list that is asked about somebody out of reach may say so.
  if (refused)
    return expected === 'no leak' && !(cell.kind === 'mine' && reaches(cell.scope, 'mine', subject)) ? null : said
  if (expected === 'allowed' && route.method !== 'GET') return null
  // Whatever was asked for, an answer shows nothing of the corners that the grant does not reach.
  if (ofTheCompany.has(subject)) return null
  const { mark, rows } = corners.of.mine
  const binary = !String(response.headers['content-type']).includes('json')
  if (status === 200 && (binary || text.includes(mark) || text.includes(rows[subject] as string))) shown.add(cell.route)
  for (const kind of kinds) {
    const unseen = (route.access === 'visit.work' && kind !== 'mine') || !reaches(cell.scope, kind, subject)
    if (!unseen || (expected === 'allowed' && kind === cell.kind)) continue
    const other = corners.of[kind]
    // A row that I may see names colleagues of mine; the far corner has nothing to do with any of them.
    const ids = kind === 'far' ? Object.values(other.rows) : [other.rows[subject] as string]
    const leaked = text.includes(other.mark) ? other.mark : ids.find((id) => text.includes(id))
    if (leaked) return `shows ${leaked} of ${kind}: ${said}`
  }
  return null
}

async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>) {
  let next = 0
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < items.length) await work(items[next++] as T)
    }),
  )
}

/** Fields that are there to reach beyond one's own: handing over to another team, asking a colleague of another to help. */
const meant = new Set([
  'POST /api/people teamId',
  'PATCH /api/people/:id teamId',
  'PATCH /api/customers/:id teamId',
  'POST /api/customers/:id/sites teamId',
  'PATCH /api/sites/:id teamId',
  'PATCH /api/orders/:id teamId',
  'POST /api/orders/:id/triage teamId',
  'PATCH /api/intake-sources/:key teamId',
  'POST /api/customers people',
  'PATCH /api/customers/:id people',
  'POST /api/projects managerId',
  'POST /api/projects people',
  'POST /api/projects/:id/people managerId',
  'POST /api/projects/:id/people people',
  'POST /api/phases/:id/owner ownerId',
  'POST /api/follow-ups/:id/plan ownerId',
  'POST /api/follow-ups/:id/reassign ownerId',
  'POST /api/escalations/:id/assign ownerId',
  'POST /api/requests/:id/approve engineerId',
  'POST /api/notice-robots teamIds',
  'PATCH /api/notice-robots/:id teamIds',
  // Asked about a visit, the order is the visit's own; what stands beside it is not looked at.
  'POST /api/dispatch/check orderId',
])

/** Every route and id field of its body: a request in my own corner whose one field points far away. */
export async function checkCrossings(w: World, corners: Corners, routes: readonly RouteDef[]) {
  const { mine, far } = corners.of
  const accepted: string[] = []
  let cells = 0
  const redo = undoCommits(w)
  try {
    for (const route of routes.filter((r) => r.access in abilityRoles && r.body && !r.raw)) {
      const names = Object.keys(jsonSchema(route.body as NonNullable<RouteDef['body']>).properties ?? {})
      for (const name of names.filter(
        (n) => n in far.ids && far.ids[n] !== mine.ids[n] && !meant.has(`${keyOf(route)} ${n}`),
      )) {
        for (let seed = 1; seed <= 5; seed++) {
          const request = requestOf(route, { ...mine, ids: { ...mine.ids, [name]: far.ids[name] as string } }, seed)
          if (!JSON.stringify(request.payload).includes(far.ids[name] as string)) continue
          cells++
          const answer = await w.http.inject({ ...request, headers: { cookie: corners.me.cookie } } as InjectOptions)
          if (answer.statusCode < 400) accepted.push(`${keyOf(route)} ${name}`)
        }
      }
    }
  } finally {
    redo()
  }
  return { cells, accepted: [...new Set(accepted)] }
}
