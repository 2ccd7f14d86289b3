import { abilities } from './define'

export const surveysAbilities = abilities({
  // Engineers see their own scores.
  'survey.read': [
    'engineer',
    'dispatcher',
    'project_manager',
    'supervisor',
    'hr',
    'executive',
    'quality',
    'operations',
    'auditor',
  ],
  'followup.read': ['project_manager', 'supervisor', 'executive', 'quality', 'operations', 'auditor'],
  'followup.work': ['supervisor', 'quality'],
})
