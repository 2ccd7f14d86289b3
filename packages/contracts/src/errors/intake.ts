import { errors } from './define'

export const intakeErrors = errors({})
