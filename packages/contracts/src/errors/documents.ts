import { errors } from './define'

export const documentsErrors = errors({})
