import { errors } from './define'

export const surveysErrors = errors({})
