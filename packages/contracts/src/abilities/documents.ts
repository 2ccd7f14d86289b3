import { abilities } from './define'

export const documentsAbilities = abilities({
  'document.read': [
    'engineer',
    'dispatcher',
    'project_manager',
    'supervisor',
    'quality',
    'executive',
    'operations',
    'auditor',
    'partner_engineer',
  ],
  'document.fill': ['engineer', 'partner_engineer'],
})
