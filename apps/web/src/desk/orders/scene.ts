import { ClipboardList, Plus } from 'lucide-react'
import { call } from '../../common/api/call'
import type { Command } from '../../common/CommandPalette'
import { go } from '../go'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/orders',
  icon: ClipboardList,
  label: { 'zh-CN': '工单', 'en-US': 'Orders' },
  order: 20,
  ability: 'order.read',
  pages: { '{-$id}': () => import('./page'), new: () => import('./new') },
  search: async (text, signal) => {
    const found = await call('GET /api/orders', { query: { q: text, limit: 6 }, signal })
    return found.rows.map(
      (o): Command => ({
        id: `order:${o.id}`,
        label: `${o.number} ${o.title}`,
        note: o.customer.name,
        icon: ClipboardList,
        run: () => go(`/orders/${o.id}`),
      }),
    )
  },
  commands: (language) => [
    {
      id: 'order:new',
      label: language === 'zh-CN' ? '新建工单' : 'New work order',
      keywords: 'new order xinjian gongdan',
      icon: Plus,
      run: () => go('/orders/new'),
    },
  ],
}
