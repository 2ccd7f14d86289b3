import { abilities } from './define'

export const metricsAbilities = abilities({
  // Everyone sees his own rows; how far the others see is the scope of their role.
  'metrics.read': [
    'engineer',
    'partner_engineer',
    'project_manager',
    'supervisor',
    'hr',
    'executive',
    'quality',
    'operations',
    'auditor',
  ],
  'metrics.export': ['supervisor', 'hr', 'executive'],
})
