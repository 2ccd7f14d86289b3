import { errors } from './define'

export const ordersErrors = errors({})
