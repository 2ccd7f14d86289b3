import { errors } from './define'

export const engineersErrors = errors({})
