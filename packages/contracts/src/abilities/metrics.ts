import { abilities } from './define'

export const metricsAbilities = abilities({})
