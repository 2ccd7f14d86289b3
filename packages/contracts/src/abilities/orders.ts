import { abilities } from './define'

export const ordersAbilities = abilities({
  'order.read': [
    'engineer',
    'dispatcher',
    'project_manager',
    'supervisor',
    'hr',
    'executive',
    'quality',
    'operations',
    'administrator',
    'auditor',
    'partner_engineer',
  ],
  'order.create': ['dispatcher', 'project_manager', 'supervisor', 'quality', 'operations', 'administrator'],
  'order.triage': ['dispatcher', 'supervisor', 'operations', 'administrator'],
  'order.edit': ['dispatcher', 'project_manager', 'supervisor', 'operations', 'administrator'],
  'order.contact': [
    'engineer',
    'partner_engineer',
    'dispatcher',
    'project_manager',
    'supervisor',
    'quality',
    'operations',
    'administrator',
  ],
  'order.hold': ['dispatcher', 'project_manager', 'supervisor', 'operations', 'administrator'],
  'order.end': ['dispatcher', 'supervisor', 'operations', 'administrator'],
  // An engineer does not accept his own work: the customer does, by signature or link.
  'order.accept': ['dispatcher', 'project_manager', 'supervisor', 'operations', 'administrator'],
  'order.requestWaive': ['engineer', 'partner_engineer', 'dispatcher', 'project_manager'],
  'order.waive': ['supervisor', 'administrator'],
  'order.close': ['dispatcher', 'supervisor', 'operations', 'administrator'],
  'order.reopen': ['dispatcher', 'project_manager', 'supervisor', 'quality', 'operations', 'administrator'],
  'order.mark': ['dispatcher', 'supervisor', 'operations', 'administrator'],
})
