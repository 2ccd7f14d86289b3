import { abilities } from './define'

export const intakeAbilities = abilities({})
