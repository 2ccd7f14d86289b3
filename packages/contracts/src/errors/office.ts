import { errors } from './define'

export const officeErrors = errors({
  time_confirmed: {
    status: 409,
    zh: '{date} 的工时已经确认，不能再改',
    en: 'The time of {date} has been confirmed and is locked',
    zhAction: '请主管重新打开这一天',
    enAction: 'Ask the supervisor to open the day again',
  },
  time_not_confirmed: {
    status: 409,
    zh: '{date} 的工时还没有确认',
    en: 'The time of {date} is not confirmed',
    zhAction: '不需要重新打开',
    enAction: 'There is nothing to open again',
  },
  time_not_over: {
    status: 422,
    zh: '还没有结束的日子不能确认',
    en: 'A day that is not over cannot be confirmed',
    zhAction: '最晚选到昨天',
    enAction: 'Choose days up to yesterday',
  },
  time_outside_day: {
    status: 422,
    zh: '时间段不在 {date} 之内，或还没有发生',
    en: 'The time does not lie within {date}, or is still to come',
    zhAction: '跨天的工时请按天分开写',
    enAction: 'Split time over midnight by day',
  },
  time_too_early: {
    status: 422,
    zh: '{date} 太早，超过 {days} 天的工时不能再更正',
    en: '{date} is too long ago: time older than {days} days is closed',
    zhAction: '请联系人事',
    enAction: 'Ask HR',
  },
  correction_withdrawn: {
    status: 409,
    zh: '这条更正已经撤回',
    en: 'This correction has been taken back',
    zhAction: '请刷新',
    enAction: 'Refresh',
  },
  report_future: {
    status: 422,
    zh: '不能提交未来的日报',
    en: 'A report of a day to come cannot be handed in',
    zhAction: '请选择今天或之前的日期',
    enAction: 'Choose today or an earlier day',
  },
  report_empty: {
    status: 422,
    zh: '日报没有内容',
    en: 'The report says nothing',
    zhAction: '至少保留一句，或写一句自己的话',
    enAction: 'Keep one sentence or write one of your own',
  },
})
