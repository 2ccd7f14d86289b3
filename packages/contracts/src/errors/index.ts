import { customersErrors } from './customers'
import { dispatchErrors } from './dispatch'
import { documentsErrors } from './documents'
import { engineersErrors } from './engineers'
import { intakeErrors } from './intake'
import { linksErrors } from './links'
import { metricsErrors } from './metrics'
import { noticesErrors } from './notices'
import { officeErrors } from './office'
import { ordersErrors } from './orders'
import { peopleErrors } from './people'
import { platformErrors } from './platform'
import { projectsErrors } from './projects'
import { requestsErrors } from './requests'
import { surveysErrors } from './surveys'
import { threadsErrors } from './threads'
import { visitsErrors } from './visits'
import { worksheetsErrors } from './worksheets'

/** Every error that the product can answer with. `docs/errors.md` is generated from it. */
export const errorCatalogue = {
  ...platformErrors,
  ...peopleErrors,
  ...noticesErrors,
  ...threadsErrors,
  ...customersErrors,
  ...projectsErrors,
  ...documentsErrors,
  ...ordersErrors,
  ...engineersErrors,
  ...worksheetsErrors,
  ...visitsErrors,
  ...dispatchErrors,
  ...requestsErrors,
  ...linksErrors,
  ...surveysErrors,
  ...officeErrors,
  ...metricsErrors,
  ...intakeErrors,
}
export type ErrorCode = keyof typeof errorCatalogue
export type { ErrorDef } from './define'
