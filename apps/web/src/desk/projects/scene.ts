import { FolderKanban, FolderPlus } from 'lucide-react'
import { call } from '../../common/api/call'
import { go } from '../go'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/projects',
  icon: FolderKanban,
  label: { 'zh-CN': '项目', 'en-US': 'Projects' },
  order: 40,
  ability: 'project.read',
  pages: { '': () => import('./page'), new: () => import('./NewProject'), $id: () => import('./ProjectPage') },
  search: async (q, signal) => {
    const { rows } = await call('GET /api/projects', { query: { q, limit: 5 }, signal })
    return rows.map((p) => ({
      id: `project:${p.id}`,
      label: p.name,
      note: `${p.number} · ${p.customer.name}`,
      icon: FolderKanban,
      run: () => void go(`/projects/${p.id}`),
    }))
  },
  commands: (language) => [
    {
      id: 'projects:mine',
      label: language === 'zh-CN' ? '我负责或参与的项目' : 'Projects I work on',
      icon: FolderPlus,
      run: () => void go('/projects?mine=1'),
    },
  ],
}
