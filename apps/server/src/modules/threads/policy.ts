import type { ScopeRow } from '../../platform/policy'

export interface ThreadRow extends ScopeRow {
  id: string
  kind: 'order' | 'visit' | 'project'
  subject_id: string
  title: string
}
