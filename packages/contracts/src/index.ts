import { arrivalsRoutes } from './arrivals.schema'
import { briefRoutes } from './brief.schema'
import { customersRoutes } from './customers.schema'
import { dispatchRoutes } from './dispatch.schema'
import { documentsRoutes } from './documents.schema'
import { engineersRoutes } from './engineers.schema'
import { fieldRoutes } from './field.schema'
import { intakeRoutes } from './intake.schema'
import { linksRoutes } from './links.schema'
import { metricsRoutes } from './metrics.schema'
import { noticesRoutes } from './notices.schema'
import { officeRoutes } from './office.schema'
import { ordersRoutes } from './orders.schema'
import { peopleRoutes } from './people.schema'
import { platformRoutes } from './platform.schema'
import { projectsRoutes } from './projects.schema'
import { requestsRoutes } from './requests.schema'
import type { RouteMapOf } from './route'
import { surveysRoutes } from './surveys.schema'
import { syncRoutes } from './sync.schema'
import { threadsRoutes } from './threads.schema'
import { visitsRoutes } from './visits.schema'
import { worksheetsRoutes } from './worksheets.schema'

/** Every route of the product, by operation id. The server implements each; OpenAPI and the permission table test are made from it. */
export const routes = {
  ...platformRoutes,
  ...fieldRoutes,
  ...peopleRoutes,
  ...noticesRoutes,
  ...threadsRoutes,
  ...engineersRoutes,
  ...documentsRoutes,
  ...customersRoutes,
  ...ordersRoutes,
  ...worksheetsRoutes,
  ...visitsRoutes,
  ...briefRoutes,
  ...arrivalsRoutes,
  ...syncRoutes,
  ...dispatchRoutes,
  ...requestsRoutes,
  ...projectsRoutes,
  ...metricsRoutes,
  ...surveysRoutes,
  ...linksRoutes,
  ...officeRoutes,
  ...intakeRoutes,
}
export type Routes = typeof routes
/** What the web calls by types only: `RouteMap['POST /api/session']`. */
export type RouteMap = RouteMapOf<Routes>

export { type Ability, abilityRoles, type Role, roles, type Scope, scopes } from './abilities'
export { type ErrorCode, type ErrorDef, errorCatalogue } from './errors'
export type { Access, Method, Parsed, Reply, RouteDef, Sent } from './route'
