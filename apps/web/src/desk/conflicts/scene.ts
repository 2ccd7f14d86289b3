import { CloudAlert } from 'lucide-react'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/conflicts',
  icon: CloudAlert,
  label: { 'zh-CN': '离线冲突', 'en-US': 'Conflicts' },
  order: 93,
  ability: 'visit.conflicts',
  pages: { '{-$id}': () => import('./page') },
}
