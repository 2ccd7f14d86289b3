import { useFormat } from './i18n/format'
import { defineWords, useWords } from './i18n/words'

/** Fields that two people may have changed without knowing of each other, by their name on the wire. */
const words = defineWords({
  'zh-CN': {
    phone: '联系人电话',
    entryNote: '进场说明',
    serial: '设备序列号',
    model: '设备型号',
    planned: '计划时间',
    appointment: '约定时间',
    blank: '（空）',
    yes: '是',
    no: '否',
    photos: '{n} 张',
    picture: '图片，{kb} KB',
  },
  'en-US': {
    phone: "Contact's phone",
    entryNote: 'Access notes',
    serial: 'Serial number',
    model: 'Model',
    planned: 'Planned time',
    appointment: 'Appointment',
    blank: '(empty)',
    yes: 'Yes',
    no: 'No',
    photos: '{n} photos',
    picture: 'Picture, {kb} KB',
  },
})

const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v)

/** Names of such fields and their values as people read them: times as times, a window as one, rows of a table as lines. */
export function useSaid(zone: string) {
  const t = useWords(words)
  const f = useFormat(zone)
  const name = (field: string): string => (field in words['zh-CN'] ? (t as (key: string) => string)(field) : field)
  const value = (v: unknown): string => {
    if (v === null || v === undefined || v === '') return t('blank')
    if (typeof v === 'boolean') return t(v ? 'yes' : 'no')
    if (typeof v === 'string') return instant.test(v) ? f.when(v) : v
    if (Array.isArray(v)) {
      if (v.length === 0) return t('blank')
      return v.every((x) => typeof x === 'string' && uuid.test(x))
        ? t('photos', { n: v.length })
        : v.map(value).join('；')
    }
    if (!isObject(v)) return String(v)
    if (typeof v.start === 'string') return v.end ? f.range(v.start, v.end as string) : f.when(v.start)
    if (typeof v.bytes === 'number' && Object.keys(v).length === 1)
      return t('picture', { kb: Math.ceil(v.bytes / 1024) })
    return Object.values(v)
      .filter((x) => x !== null && x !== '')
      .map(value)
      .join(' · ')
  }
  return { name, value }
}
