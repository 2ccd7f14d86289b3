import { abilities } from './define'

export const dispatchAbilities = abilities({
  // The board, the log, who could do it.
  'dispatch.read': [
    'dispatcher',
    'project_manager',
    'supervisor',
    'executive',
    'operations',
    'administrator',
    'auditor',
  ],
  'dispatch.assign': ['dispatcher', 'supervisor'],
  // Sending somebody although a rule says no: with a reason, and it stands in the log.
  'dispatch.override': ['supervisor'],
  'dispatch.policy': ['operations', 'administrator'],
})
