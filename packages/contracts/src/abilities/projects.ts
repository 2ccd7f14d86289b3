import { abilities } from './define'

export const projectsAbilities = abilities({
  'project.read': [
    'engineer',
    'dispatcher',
    'project_manager',
    'supervisor',
    'hr',
    'executive',
    'quality',
    'operations',
    'administrator',
    'auditor',
    'partner_engineer',
  ],
  'project.create': ['project_manager', 'supervisor', 'operations', 'administrator'],
  'project.manage': ['project_manager', 'supervisor', 'operations', 'administrator'],
  // A phase names one owner: with the scope `own` an engineer works on the phases that he answers for.
  'phase.work': ['engineer', 'partner_engineer', 'project_manager', 'supervisor', 'operations', 'administrator'],
  'project.template': ['operations', 'administrator'],
})
