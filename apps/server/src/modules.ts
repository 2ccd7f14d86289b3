import { engineers } from './modules/engineers'
import { people } from './modules/people'
import type { Module } from './platform/app'

/** The rooms in import order: each may call only those before it. */
export const modules: Module[] = [people, engineers]
