import { abilities } from './define'

export const officeAbilities = abilities({
  // Whoever works in the field hands in his own day, nobody another's.
  'report.write': ['engineer', 'partner_engineer'],
  'report.read': ['engineer', 'partner_engineer', 'supervisor', 'hr', 'executive'],
  'report.comment': ['engineer', 'partner_engineer', 'supervisor', 'executive'],
  'report.react': ['supervisor', 'executive'],
  'time.read': ['engineer', 'partner_engineer', 'supervisor', 'hr', 'executive'],
  'time.correct': ['engineer', 'partner_engineer', 'supervisor'],
  // Confirming locks a day; opening it again is the same right.
  'time.confirm': ['supervisor'],
  'time.export': ['supervisor', 'hr', 'executive'],
})
