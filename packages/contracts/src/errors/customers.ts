import { errors } from './define'

export const customersErrors = errors({})
