export * from './derive'
export * from './events'
export * from './fold'
export * from './table'
