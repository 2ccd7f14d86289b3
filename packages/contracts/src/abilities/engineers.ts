import { abilities } from './define'

export const engineersAbilities = abilities({})
