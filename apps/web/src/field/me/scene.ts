import { UserRound } from 'lucide-react'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/m/me',
  label: { 'zh-CN': '我的', 'en-US': 'Me' },
  tab: { icon: UserRound, order: 40 },
  pages: {
    '': () => import('./page'),
    notices: () => import('./notices'),
    record: () => import('../arrive/RecordPage'),
  },
}
