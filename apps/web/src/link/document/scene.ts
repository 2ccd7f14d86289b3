import type { Scene } from '../scene'

export const scene: Scene = { path: 'document', page: () => import('./DocumentPage') }
