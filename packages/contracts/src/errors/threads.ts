import { errors } from './define'

export const threadsErrors = errors({})
