import { defineWords } from '../../common/i18n/words'

export const words = defineWords({
  'zh-CN': {
    title: '消息',
    bell: '消息，{n} 条未读',
    all: '全部标为已读',
    see: '查看全部消息',
    unread: '只看未读',
    'empty.title': '没有消息',
    'empty.text': '有人提到你、派单有变化、客户给了低分，都会出现在这里。',
    'empty.unread': '都看过了',
    more: '更早的消息',
    isUnread: '未读',
  },
  'en-US': {
    title: 'Notices',
    bell: 'Notices, {n} unread',
    all: 'Mark all as read',
    see: 'See all notices',
    unread: 'Unread only',
    'empty.title': 'No notices',
    'empty.text': 'When somebody mentions you, a dispatch changes or a customer gives a low score, it appears here.',
    'empty.unread': 'All read',
    more: 'Earlier',
    isUnread: 'unread',
  },
})
