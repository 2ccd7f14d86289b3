import { abilities } from './define'

export const dispatchAbilities = abilities({})
