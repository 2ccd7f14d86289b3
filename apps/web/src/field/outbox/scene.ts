import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/m/outbox',
  label: { 'zh-CN': '待同步', 'en-US': 'Outbox' },
  pages: { '': () => import('./page') },
}
