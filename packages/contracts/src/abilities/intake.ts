import { abilities } from './define'

export const intakeAbilities = abilities({
  'intake.read': ['dispatcher', 'operations', 'administrator'],
  'intake.handle': ['dispatcher', 'operations', 'administrator'],
  'intake.manage': ['operations', 'administrator'],
})
