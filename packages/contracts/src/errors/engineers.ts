import { errors } from './define'

export const engineersErrors = errors({
  engineer_busy: {
    status: 409,
    zh: '{engineerName} 在这段时间已有其他安排',
    en: '{engineerName} is already taken at that time',
    zhAction: '请换一个时间或工程师；有权限的调度员可以先移开原有安排',
    enAction: 'Choose another time or engineer; a dispatcher with the right may move the older booking first',
  },
  engineer_unknown: {
    status: 422,
    zh: '没有这位工程师，或已停用',
    en: 'There is no such engineer, or the account is disabled',
    zhAction: '请从工程师列表中选择',
    enAction: 'Choose one from the list of engineers',
  },
  skill_unknown: {
    status: 422,
    zh: '技能「{code}」不存在或已停用',
    en: 'Skill “{code}” does not exist or is retired',
    zhAction: '请从技能树中选择',
    enAction: 'Choose one from the skill tree',
  },
  skill_code_taken: {
    status: 409,
    zh: '技能编码「{code}」已被使用',
    en: 'The skill code “{code}” is taken',
    zhAction: '请换一个编码',
    enAction: 'Choose another code',
  },
  certificate_kind_unknown: {
    status: 422,
    zh: '证书种类「{kind}」不存在',
    en: 'There is no certificate kind “{kind}”',
    zhAction: '请从证书种类中选择',
    enAction: 'Choose one of the certificate kinds',
  },
  shift_unknown: {
    status: 422,
    zh: '没有这个班次',
    en: 'There is no such shift',
    zhAction: '请从班次列表中选择',
    enAction: 'Choose one from the list of shifts',
  },
  absence_cancelled: {
    status: 409,
    zh: '这条请假或培训已经取消',
    en: 'This leave or training has already been cancelled',
    zhAction: '无需再次取消',
    enAction: 'Nothing more to do',
  },
  shift_malformed: {
    status: 422,
    zh: '班次的时段不合法（{why}）',
    en: 'The hours of the shift are not valid ({why})',
    zhAction: '时段须按先后排列、互不重叠，并使用有效的时区',
    enAction: 'Put the hours in order, without overlap, in a valid time zone',
  },
  point_unlikely: {
    status: 422,
    zh: '坐标为 0,0，通常是定位失败',
    en: 'The point is 0,0, which usually means that positioning failed',
    zhAction: '请重新定位或在地图上选点',
    enAction: 'Locate again or choose the point on the map',
  },
})
