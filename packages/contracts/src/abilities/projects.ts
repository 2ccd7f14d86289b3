import { abilities } from './define'

export const projectsAbilities = abilities({})
