import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/m/report',
  label: { 'zh-CN': '日报', 'en-US': 'Report' },
  ability: 'report.write',
  pages: {
    '': () => import('./page'),
    week: () => import('./WeekPage'),
    ':date': () => import('./page'),
  },
}
