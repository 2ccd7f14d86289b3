import { abilities } from './define'

export const noticesAbilities = abilities({})
