import { errors } from './define'

export const visitsErrors = errors({})
