import { defineWords } from './i18n/words'

/** What makes a photo worth a second look, in words; the same wherever photos are reviewed. */
export const evidenceWords = defineWords({
  'zh-CN': {
    seen_before: '同一张照片曾用于其他工单',
    similar_before: '与其他工单的照片几乎相同',
    exif_time: '照片里的时间与登记不符',
    exif_place: '照片里的位置远离站点',
    no_preview: 'HEIC 原件，无法预览',
  },
  'en-US': {
    seen_before: 'The same photo served another order',
    similar_before: 'Nearly the same as a photo of another order',
    exif_time: 'The camera’s time differs from what was said',
    exif_place: 'The camera was far from the site',
    no_preview: 'HEIC original, no preview',
  },
})
