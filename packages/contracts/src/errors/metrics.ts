import { errors } from './define'

export const metricsErrors = errors({
  period_too_long: {
    status: 422,
    zh: '统计区间超过 {days} 天',
    en: 'The period is longer than {days} days',
    zhAction: '请缩短区间后再查询',
    enAction: 'Choose a shorter period',
  },
})
