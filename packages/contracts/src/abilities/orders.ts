import { abilities } from './define'

export const ordersAbilities = abilities({})
