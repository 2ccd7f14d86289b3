export * from './report'
export * from './time'
