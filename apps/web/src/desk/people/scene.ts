import { User, Users } from 'lucide-react'
import { call } from '../../common/api/call'
import { go } from '../go'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/people',
  icon: Users,
  label: { 'zh-CN': '人员', 'en-US': 'People' },
  order: 91,
  ability: 'people.read',
  pages: { '{-$id}': () => import('./page') },
  search: async (q, signal) => {
    const { rows } = await call('GET /api/people', { query: { q, limit: 5 }, signal })
    return rows.map((p) => ({
      id: `person:${p.id}`,
      label: p.name,
      note: p.teamName ? `${p.userName} · ${p.teamName}` : p.userName,
      icon: User,
      run: () => void go(`/people/${p.id}`),
    }))
  },
}
