export const roles = [
  'engineer',
  'dispatcher',
  'project_manager',
  'supervisor',
  'hr',
  'executive',
  'quality',
  'knowledge_editor',
  'operations',
  'administrator',
  'auditor',
  'integration',
  'partner_engineer',
] as const
export type Role = (typeof roles)[number]

/** How far a role reaches: one grant of a user is a role with a scope. */
export const scopes = ['own', 'team', 'department', 'region', 'customer', 'all'] as const
export type Scope = (typeof scopes)[number]

/** Ability → the roles that have it. The scope of the user's grant then says on which rows. */
export const abilities = <const T extends Record<string, readonly Role[]>>(t: T): T => t
