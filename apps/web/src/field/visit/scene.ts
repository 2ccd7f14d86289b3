import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/m/visits',
  label: { 'zh-CN': '上门', 'en-US': 'Visits' },
  ability: 'visit.work',
  pages: {
    ':id': () => import('./VisitPage'),
    ':id/check-in': () => import('../arrive/CheckInPage'),
    ':id/finish': () => import('./FinishPage'),
    ':id/documents/:documentId': () => import('./DocumentPage'),
    ':id/documents/:documentId/sign': () => import('./SignPage'),
  },
}
