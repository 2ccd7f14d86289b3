import { defineWords } from '../../common/i18n/words'

export const words = defineWords({
  'zh-CN': {
    title: '日程',
    before: '上一周',
    after: '下一周',
    thisWeek: '回到本周',
    week: '这一周',
    count: '{n} 单',
    none: '没有安排',
    empty: '这一周没有安排',
    'empty.text': '派给你并接下的工单，按时间排在这里。',
    partly: '手机上存着前后 14 天的安排，更远的要联网才能看到。',
  },
  'en-US': {
    title: 'Schedule',
    before: 'Week before',
    after: 'Week after',
    thisWeek: 'This week',
    week: 'Days of the week',
    count: { one: '{n} visit', other: '{n} visits' },
    none: 'Nothing planned',
    empty: 'Nothing planned this week',
    'empty.text': 'What you have taken stands here by its time.',
    partly: 'This phone keeps 14 days back and ahead; what is further away needs a network.',
  },
})
