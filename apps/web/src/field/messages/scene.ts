import { MessageCircle } from 'lucide-react'
import type { Scene } from '../scene'
import { useUnread } from './useUnread'

export const scene: Scene = {
  path: '/m/messages',
  label: { 'zh-CN': '消息', 'en-US': 'Messages' },
  tab: { icon: MessageCircle, order: 30, useBadge: useUnread },
  pages: { '': () => import('./page'), ':kind/:id': () => import('./ThreadPage') },
}
