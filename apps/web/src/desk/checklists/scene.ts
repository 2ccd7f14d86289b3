import { ClipboardCheck } from 'lucide-react'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/checklists',
  icon: ClipboardCheck,
  label: { 'zh-CN': '检查单', 'en-US': 'Checklists' },
  order: 92,
  ability: 'checklist.read',
  pages: {
    '{-$id}': () => import('./page'),
    '$id/edit': () => import('./EditPage'),
    parts: () => import('./PartsPage'),
  },
}
