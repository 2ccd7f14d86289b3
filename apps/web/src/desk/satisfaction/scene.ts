import { Smile } from 'lucide-react'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/satisfaction',
  icon: Smile,
  label: { 'zh-CN': '满意度', 'en-US': 'Feedback' },
  order: 70,
  ability: 'survey.read',
  pages: { '': () => import('./page'), 'cases/{-$id}': () => import('./cases') },
}
