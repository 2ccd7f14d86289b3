import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/m/photos',
  label: { 'zh-CN': '照片上传', 'en-US': 'Photo uploads' },
  pages: { '': () => import('./page') },
}
