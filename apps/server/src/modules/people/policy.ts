import type { ScopeRow } from '../../platform/policy'

export interface UserScope {
  id: string
  team_id: string | null
}

/** A user is his own row and his team's. */
export const scopeOf = (u: UserScope): ScopeRow => ({ team_id: u.team_id, customer_id: null, people: [u.id] })
