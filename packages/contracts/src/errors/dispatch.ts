import { errors } from './define'

export const dispatchErrors = errors({
  placement_refused: {
    status: 409,
    zh: '{engineerName} 不能在这个时间承接这张工单',
    en: '{engineerName} cannot do this order at that time',
    zhAction: '请查看不满足的规则，换一个时间或工程师',
    enAction: 'See which rules are not met; choose another time or engineer',
  },
  override_needed: {
    status: 409,
    zh: '{engineerName} 不满足派工规则，需要有越权权限的人说明原因后派工',
    en: '{engineerName} does not meet the rules; somebody with the override right must give a reason',
    zhAction: '请换一位工程师，或请主管说明原因后派工',
    enAction: 'Choose another engineer, or ask a supervisor to assign with a reason',
  },
  order_has_engineer: {
    status: 409,
    zh: '这张工单已派给 {engineerName}',
    en: 'This order is already with {engineerName}',
    zhAction: '请改派；如需增加一次上门，请选择「增加上门」',
    enAction: 'Reassign it, or choose to add a further visit',
  },
  engineer_twice: {
    status: 422,
    zh: '同一位工程师被选择了两次',
    en: 'The same engineer was chosen twice',
    zhAction: '请从班组中去掉重复的人',
    enAction: 'Remove the repeat from the crew',
  },
  crew_lead: {
    status: 422,
    zh: '一个班组需要且只需要一位负责人',
    en: 'A crew has exactly one lead',
    zhAction: '请指定一位负责人',
    enAction: 'Name one lead',
  },
})
