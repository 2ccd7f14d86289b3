import { defineWords } from '../i18n/words'

export const words = defineWords({
  'zh-CN': {
    pass: '合格',
    fail: '不合格',
    na: '不适用',
    none: '未填写',
    photos: '照片 {n} 张',
    photo: '{item} 照片 {n}',
    sum: '共 {n} 项',
    failed: '{n} 项不合格',
    allPassed: '全部合格',
    limits: '标准 {limits}',
    serialIn: '新 {serial}',
    serialOut: '旧 {serial}',
    returned: '旧件已回收',
  },
  'en-US': {
    pass: 'Pass',
    fail: 'Fail',
    na: 'N/A',
    none: 'Not filled in',
    photos: '{n} photos',
    photo: '{item}, photo {n}',
    sum: '{n} checks',
    failed: '{n} failed',
    allPassed: 'all passed',
    limits: 'limits {limits}',
    serialIn: 'new {serial}',
    serialOut: 'old {serial}',
    returned: 'old part returned',
  },
})
