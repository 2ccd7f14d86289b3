import { abilities } from './define'

export const customersAbilities = abilities({
  'customer.read': [
    'engineer',
    'dispatcher',
    'project_manager',
    'supervisor',
    'executive',
    'quality',
    'operations',
    'administrator',
    'auditor',
  ],
  'customer.edit': ['dispatcher', 'project_manager', 'supervisor', 'operations', 'administrator'],
  // Prices, penalties and payment nodes are not for everyone who knows the address.
  'contract.read': [
    'dispatcher',
    'project_manager',
    'supervisor',
    'executive',
    'quality',
    'operations',
    'administrator',
    'auditor',
  ],
  'contract.edit': ['project_manager', 'operations', 'administrator'],
})
