import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/m/requests',
  label: { 'zh-CN': '求助与交接', 'en-US': 'Help and handover' },
  ability: 'visit.work',
  pages: {
    '': () => import('./ListPage'),
    papers: () => import('./PapersPage'),
    'new/:id': () => import('./AskPage'),
    'asked/:id': () => import('./RequestPage'),
    'handover/:id': () => import('./HandoverPage'),
    'handovers/:id': () => import('./HandoverShow'),
    'escalate/:id': () => import('./EscalatePage'),
    'escalations/:id': () => import('./EscalationShow'),
    'report/:id': () => import('./ReportPage'),
    'lost/:id': () => import('./LostPage'),
  },
}
