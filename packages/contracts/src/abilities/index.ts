import { customersAbilities } from './customers'
import { dispatchAbilities } from './dispatch'
import { documentsAbilities } from './documents'
import { engineersAbilities } from './engineers'
import { intakeAbilities } from './intake'
import { linksAbilities } from './links'
import { metricsAbilities } from './metrics'
import { noticesAbilities } from './notices'
import { officeAbilities } from './office'
import { ordersAbilities } from './orders'
import { peopleAbilities } from './people'
import { projectsAbilities } from './projects'
import { requestsAbilities } from './requests'
import { surveysAbilities } from './surveys'
import { threadsAbilities } from './threads'
import { visitsAbilities } from './visits'
import { worksheetsAbilities } from './worksheets'

/** The permission table: data, used by policies, by the screens through `can`, and by the table test. */
export const abilityRoles = {
  ...peopleAbilities,
  ...noticesAbilities,
  ...threadsAbilities,
  ...customersAbilities,
  ...projectsAbilities,
  ...documentsAbilities,
  ...ordersAbilities,
  ...engineersAbilities,
  ...worksheetsAbilities,
  ...visitsAbilities,
  ...dispatchAbilities,
  ...requestsAbilities,
  ...linksAbilities,
  ...surveysAbilities,
  ...officeAbilities,
  ...metricsAbilities,
  ...intakeAbilities,
}
export type Ability = keyof typeof abilityRoles
export { type Role, roles, type Scope, scopes } from './define'
