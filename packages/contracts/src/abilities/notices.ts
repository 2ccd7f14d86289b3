import { abilities } from './define'

export const noticesAbilities = abilities({
  // Whether, where and why not a notice arrived.
  'notice.log': ['operations', 'administrator', 'auditor'],
  'notice.manage': ['operations', 'administrator'],
})
