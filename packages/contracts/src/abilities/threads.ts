import { abilities } from './define'

export const threadsAbilities = abilities({})
