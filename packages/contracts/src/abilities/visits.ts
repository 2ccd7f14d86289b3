import { abilities } from './define'

export const visitsAbilities = abilities({})
