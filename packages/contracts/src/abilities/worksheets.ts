import { abilities } from './define'

const readers = [
  'engineer',
  'partner_engineer',
  'dispatcher',
  'project_manager',
  'supervisor',
  'quality',
  'executive',
  'operations',
  'administrator',
  'auditor',
] as const

export const worksheetsAbilities = abilities({
  'worksheet.read': readers,
  // The lead and his crew.
  'worksheet.work': ['engineer', 'partner_engineer'],
  'checklist.read': readers,
  'checklist.edit': ['operations', 'administrator'],
  'part.read': readers,
  'part.edit': ['operations', 'administrator'],
})
