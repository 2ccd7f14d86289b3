import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/m/visits',
  label: { 'zh-CN': '作业单', 'en-US': 'Worksheet' },
  ability: 'worksheet.work',
  pages: {
    ':id/checks': () => import('./ChecksPage'),
    ':id/parts': () => import('./PartsPage'),
    ':id/notes': () => import('./NotesPage'),
    ':id/brief': () => import('./BriefPage'),
  },
}
