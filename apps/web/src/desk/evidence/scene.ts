import { Fingerprint } from 'lucide-react'
import { call } from '../../common/api/call'
import type { Command } from '../../common/CommandPalette'
import { go } from '../go'
import type { Scene } from '../scene'
import { codeOf } from './code'

export const scene: Scene = {
  path: '/evidence',
  icon: Fingerprint,
  label: { 'zh-CN': '证据查验', 'en-US': 'Evidence' },
  order: 93,
  ability: 'evidence.read',
  pages: { '{-$code}': () => import('./page') },
  search: async (text, signal) => {
    const code = codeOf(text)
    if (!code) return []
    const found = await call('GET /api/evidence/codes/:evidenceCode', {
      params: { evidenceCode: code },
      signal,
    }).catch(() => ({ matches: [] }))
    return found.matches.map(
      (e): Command => ({
        id: `evidence:${e.id}`,
        label: `${e.code.slice(0, 4)} ${e.code.slice(4)}`,
        note: [e.order.number, e.customer.name, e.takenBy?.name].filter(Boolean).join(' · '),
        icon: Fingerprint,
        run: () => go(`/evidence/${e.code}`),
      }),
    )
  },
}
