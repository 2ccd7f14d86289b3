import { abilities } from './define'

export const documentsAbilities = abilities({})
