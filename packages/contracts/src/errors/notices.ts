import { errors } from './define'

export const noticesErrors = errors({})
