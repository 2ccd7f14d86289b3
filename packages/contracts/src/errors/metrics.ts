import { errors } from './define'

export const metricsErrors = errors({})
