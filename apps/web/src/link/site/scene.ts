import type { Scene } from '../scene'

/** `/v/site/:token`: the turning code on a screen at the customer's. */
export const scene: Scene = { path: 'site', page: () => import('./Screen') }
