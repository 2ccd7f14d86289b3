import { HandHelping } from 'lucide-react'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/requests',
  icon: HandHelping,
  label: { 'zh-CN': '现场请求', 'en-US': 'From the site' },
  order: 90,
  ability: 'escalation.handle',
  pages: { '{-$tab}/{-$id}': () => import('./page') },
}
