import type { Scene } from '../scene'

export const scene: Scene = { path: 'survey', page: () => import('./Survey') }
