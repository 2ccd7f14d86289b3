import { abilities } from './define'

export const customersAbilities = abilities({})
