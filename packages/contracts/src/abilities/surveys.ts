import { abilities } from './define'

export const surveysAbilities = abilities({})
