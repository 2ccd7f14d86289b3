import { errors } from './define'

export const dispatchErrors = errors({})
