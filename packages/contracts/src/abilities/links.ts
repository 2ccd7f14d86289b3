import { abilities } from './define'

export const linksAbilities = abilities({
  'link.issue': ['engineer', 'dispatcher', 'supervisor', 'project_manager', 'partner_engineer'],
  // The link that can answer the survey: never an engineer's.
  'link.issue_contact': ['dispatcher', 'supervisor', 'project_manager'],
})
