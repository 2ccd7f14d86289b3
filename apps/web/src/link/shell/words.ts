import { defineWords } from '../../common/i18n/words'

export const words = defineWords({
  'zh-CN': {
    product: '驻场',
    switch: 'English',
    'lost.title': '这个链接打不开',
    'lost.text': '可能没有复制完整。请从短信或微信里的消息重新打开，或联系您的服务工程师。',
  },
  'en-US': {
    product: 'Zhuchang',
    switch: '中文',
    'lost.title': 'This link cannot be opened',
    'lost.text': 'It may be incomplete. Open it again from the message you received, or contact your engineer.',
  },
})
