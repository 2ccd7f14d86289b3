import { CloudAlert } from 'lucide-react'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/sync-issues',
  icon: CloudAlert,
  label: { 'zh-CN': '同步问题', 'en-US': 'Sync issues' },
  order: 93,
  ability: 'visit.conflicts',
  pages: { '{-$id}': () => import('./page') },
}
