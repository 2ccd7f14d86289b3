import { abilities } from './define'

// The scope of a thread is its subject's: with the ability, whoever sees the order sees the talk about it.
export const threadsAbilities = abilities({
  'thread.read': [
    'engineer',
    'dispatcher',
    'project_manager',
    'supervisor',
    'quality',
    'operations',
    'knowledge_editor',
    'executive',
    'partner_engineer',
  ],
  'thread.write': [
    'engineer',
    'dispatcher',
    'project_manager',
    'supervisor',
    'quality',
    'operations',
    'knowledge_editor',
    'partner_engineer',
  ],
})
