import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/m/check',
  label: { 'zh-CN': '检查本机', 'en-US': 'Check this phone' },
  pages: { '': () => import('./page') },
}
