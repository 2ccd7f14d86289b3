import { PackageOpen } from 'lucide-react'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/intake',
  icon: PackageOpen,
  label: { 'zh-CN': '收件箱', 'en-US': 'Intake' },
  order: 25,
  ability: 'intake.read',
  pages: { '{-$id}': () => import('./page'), 'sources/$key': () => import('./source') },
}
