import { abilities } from './define'

export const engineersAbilities = abilities({
  'engineer.read': [
    'engineer',
    'partner_engineer',
    'dispatcher',
    'project_manager',
    'supervisor',
    'hr',
    'executive',
    'quality',
    'operations',
    'administrator',
    'auditor',
  ],
  // Where somebody lives is personal: for himself and for those who plan his ways.
  'engineer.home': ['engineer', 'partner_engineer', 'dispatcher', 'supervisor', 'hr'],
  'engineer.edit': ['supervisor', 'hr', 'administrator'],
  'engineer.skills': ['supervisor', 'hr'],
  'absence.read': ['engineer', 'partner_engineer', 'dispatcher', 'project_manager', 'supervisor', 'hr'],
  'absence.manage': ['dispatcher', 'supervisor', 'hr'],
  'skill.manage': ['hr', 'operations', 'administrator'],
  'shift.manage': ['hr', 'administrator'],
})
