import type { Scene } from '../scene'

export const scene: Scene = { path: '', page: () => import('./Progress') }
