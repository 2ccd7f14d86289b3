import type { Module } from '../../platform/app'

export { type EngineerFacts, engineerFacts, type Point, type ShiftFacts, type ShiftPattern } from './facts'
export { type Booking, type OccupancyKind, occupancyOf, occupy, release } from './occupancy'
export {
  insertCertificate,
  insertCertificateKind,
  insertEngineer,
  insertShift,
  insertSkill,
  replaceSkills,
} from './store'

export const engineers: Module = { name: 'engineers' }
