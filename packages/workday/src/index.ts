export * from './fold'
export * from './report'
export * from './time'
