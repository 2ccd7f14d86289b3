import { ScrollText } from 'lucide-react'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/audit',
  icon: ScrollText,
  label: { 'zh-CN': '审计', 'en-US': 'Audit' },
  order: 98,
  ability: 'audit.read',
  pages: { '': () => import('./page') },
}
