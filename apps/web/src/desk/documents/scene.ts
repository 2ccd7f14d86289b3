import { FileText } from 'lucide-react'
import { call } from '../../common/api/call'
import { currentLanguage } from '../../common/i18n/language'
import { go } from '../go'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/documents',
  icon: FileText,
  label: { 'zh-CN': '文档', 'en-US': 'Docs' },
  order: 60,
  ability: 'document.read',
  pages: { '{-$id}': () => import('./page'), templates: () => import('./Templates') },
  search: async (q, signal) => {
    const { rows } = await call('GET /api/documents', { query: { q, limit: 5 }, signal })
    const zh = currentLanguage() === 'zh-CN'
    return rows.map((d) => ({
      id: `document:${d.id}`,
      label: `${zh ? d.title.zh : d.title.en} ${d.about.orderNumber ?? ''}`,
      note: d.about.customerName ?? undefined,
      icon: FileText,
      run: () => void go(`/documents/${d.id}`),
    }))
  },
}
