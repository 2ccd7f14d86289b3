import { abilities } from './define'

export const peopleAbilities = abilities({
  // Names, teams and roles of colleagues: needed to mention and to assign.
  'people.read': [
    'dispatcher',
    'project_manager',
    'supervisor',
    'hr',
    'executive',
    'quality',
    'operations',
    'administrator',
    'auditor',
    'engineer',
    'knowledge_editor',
  ],
  'people.manage': ['administrator'],
  'audit.read': ['auditor', 'administrator'],
})
