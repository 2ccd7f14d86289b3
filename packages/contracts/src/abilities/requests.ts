import { abilities } from './define'

export const requestsAbilities = abilities({
  'request.read': [
    'engineer',
    'partner_engineer',
    'dispatcher',
    'project_manager',
    'supervisor',
    'operations',
    'administrator',
    'auditor',
  ],
  // Help, answer, say that it is settled: whoever is named in it, and the desk.
  'request.answer': ['engineer', 'partner_engineer', 'dispatcher', 'project_manager', 'supervisor'],
  // Parts, people and time are given by somebody who answers for the plan.
  'request.decide': ['dispatcher', 'project_manager', 'supervisor'],
  'request.policy': ['supervisor', 'operations', 'administrator'],
  'handover.read': [
    'engineer',
    'partner_engineer',
    'dispatcher',
    'project_manager',
    'supervisor',
    'operations',
    'administrator',
    'auditor',
  ],
  'handover.answer': ['engineer', 'partner_engineer'],
  'escalation.read': [
    'engineer',
    'dispatcher',
    'project_manager',
    'supervisor',
    'quality',
    'knowledge_editor',
    'operations',
    'administrator',
    'auditor',
  ],
  'escalation.raise': ['engineer', 'dispatcher', 'project_manager', 'supervisor'],
  // An engineer handles what he was named the owner of.
  'escalation.handle': [
    'engineer',
    'dispatcher',
    'project_manager',
    'supervisor',
    'quality',
    'knowledge_editor',
    'operations',
  ],
})
