import { abilities } from './define'

export const visitsAbilities = abilities({
  'visit.read': [
    'engineer',
    'partner_engineer',
    'dispatcher',
    'project_manager',
    'supervisor',
    'executive',
    'quality',
    'operations',
    'administrator',
    'auditor',
    'hr',
  ],
  // Take, set out, check in, work, finish: only whoever holds the visit.
  'visit.work': ['engineer', 'partner_engineer'],
  // Times, calls and ends that somebody at a desk decides.
  'visit.plan': ['dispatcher', 'project_manager', 'supervisor'],
  // Grades C and D, appeals.
  'visit.review': ['supervisor'],
  // What phones could not make fit, and what was refused to them: read and settled.
  'visit.conflicts': ['dispatcher', 'supervisor', 'operations', 'administrator'],
  'refusal.settle': ['dispatcher', 'supervisor', 'operations', 'administrator'],
  'evidence.read': [
    'engineer',
    'partner_engineer',
    'dispatcher',
    'project_manager',
    'supervisor',
    'quality',
    'administrator',
    'auditor',
  ],
  // The bytes as they were taken, with what the camera wrote into them, and raw positions.
  'evidence.original': ['supervisor', 'auditor'],
  // Which evidence an arrival asks for, spot checks, the track: the company's rules.
  'arrival.policy': ['operations', 'administrator'],
  // QR codes that stand at the customer's.
  'site.codes': ['dispatcher', 'project_manager', 'supervisor', 'operations', 'administrator'],
  'device.manage': ['supervisor', 'administrator'],
})
