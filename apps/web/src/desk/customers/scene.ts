import { Building2 } from 'lucide-react'
import { call } from '../../common/api/call'
import type { Command } from '../../common/CommandPalette'
import { go } from '../go'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/customers',
  icon: Building2,
  label: { 'zh-CN': '客户', 'en-US': 'Customers' },
  order: 50,
  ability: 'customer.read',
  pages: { '{-$id}': () => import('./page') },
  search: async (text, signal) => {
    const found = await call('GET /api/customers', { query: { q: text, limit: 5 }, signal })
    return found.rows.map(
      (c): Command => ({
        id: `customer:${c.id}`,
        label: c.name,
        note: c.code ?? undefined,
        icon: Building2,
        run: () => void go(`/customers/${c.id}`),
      }),
    )
  },
}
