import { errors } from './define'

export const projectsErrors = errors({})
