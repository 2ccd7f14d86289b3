import { errors } from './define'

export const surveysErrors = errors({
  survey_answered: {
    status: 409,
    zh: '这份问卷已经提交过了，谢谢您',
    en: 'This survey has already been answered, thank you',
    zhAction: '无需再次提交',
    enAction: 'There is nothing more to do',
  },
  survey_closed: {
    status: 410,
    zh: '这份问卷已过期',
    en: 'This survey has expired',
    zhAction: '如有意见，请致电 {phone}',
    enAction: 'Call {phone} if you want to tell us something',
  },
  followup_unchecked: {
    status: 409,
    zh: '还没有检查措施是否有效，不能关闭',
    en: 'The effect has not been checked, so this cannot be closed',
    zhAction: '请先回访客户或重新发送问卷，记录效果',
    enAction: 'Call the customer or survey again and record the effect first',
  },
  followup_not_effective: {
    status: 409,
    zh: '检查结果为无效，请重新制定计划',
    en: 'The check found no effect: plan again',
    zhAction: '请更新原因与措施后再执行',
    enAction: 'Change cause and action, then do it again',
  },
})
