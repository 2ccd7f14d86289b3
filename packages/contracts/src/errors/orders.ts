import { errors } from './define'

export const ordersErrors = errors({
  order_exists: {
    status: 409,
    zh: '这张工单已经创建过',
    en: 'This work order has been created already',
    zhAction: '请打开已有的工单',
    enAction: 'Open the existing one',
  },
  promise_is_the_customers: {
    status: 422,
    zh: '已承诺的时间窗只能按客户要求改动，或作为录入更正',
    en: 'A promised window moves at the customer’s wish, or as the correction of a typing error',
    zhAction: '请说明是客户要求还是录入更正',
    enAction: 'Say whether the customer asked for it or it is a correction',
  },
  contract_never_deems: {
    status: 409,
    zh: '该工单的合同没有「超时视为验收」条款',
    en: 'The contract has no clause that silence counts as acceptance',
    zhAction: '请请客户验收，或申请免签',
    enAction: 'Ask the customer to accept, or ask for a waiver',
  },
  gate_closed: {
    status: 409,
    zh: '还不能执行：{missing}',
    en: 'Not yet possible: {missing}',
    zhAction: '请先完成所列事项',
    enAction: 'Finish what is named first',
  },
})
