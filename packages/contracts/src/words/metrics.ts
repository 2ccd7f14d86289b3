// Words of KPIs that server (XLSX, CSV) and web say alike. The sentence of a definition stands beside every number.

type Words = { zh: string; en: string }
const w = (zh: string, en: string): Words => ({ zh, en })

export const kpiWords = {
  completion: {
    name: w('工单完成率', 'Completion rate'),
    formula: w(
      '期内到期且在期末前完成的工单 ÷ 期内到期的工单；到期时因客户挂起、客户原因无法完成的不计并列出',
      'Due in the period and completed by its end ÷ due in the period; on hold for the customer at the due time or impossible through the customer: left out and listed',
    ),
  },
  completion_on_time: {
    name: w('及时完成率', 'Completed on time'),
    formula: w(
      '期内到期且在各自到期时间前完成的工单 ÷ 期内到期的工单',
      'Due in the period and completed by its own due time ÷ due in the period',
    ),
  },
  response_team: {
    name: w('平均响应时长', 'Mean response time'),
    formula: w(
      '期内创建的工单：Σ(首次联系客户 − 创建) ÷ n，按 SLA 日历计分钟，扣除暂停',
      'Orders created in the period: Σ(first contact − created) ÷ n in minutes of the SLA calendar, pauses left out',
    ),
  },
  response_person: {
    name: w('平均接单时长', 'Mean take-up time'),
    formula: w(
      '期内下发的上门：Σ(接单 − 下发) ÷ n，按 SLA 日历计分钟',
      'Visits offered in the period: Σ(taken − offered) ÷ n in minutes of the SLA calendar',
    ),
  },
  good_rate: {
    name: w('客户好评率', 'Good rate'),
    formula: w(
      '期内答复且 80 分及以上的问卷 ÷ 期内答复的问卷；未答复不算好评；多人上门时组员按半权计',
      'Surveys answered in the period with 80 or more ÷ surveys answered in it; silence is never good; members of a crew count half',
    ),
  },
  response_rate: {
    name: w('问卷答复率', 'Survey response rate'),
    formula: w('期内发出并已答复的问卷 ÷ 期内发出的问卷', 'Invited in the period and answered ÷ invited in the period'),
  },
  on_time_arrival: {
    name: w('准时到场率', 'On-time arrival'),
    formula: w(
      '承诺时段结束后 15 分钟内到场的上门 ÷ 有承诺的上门；未到场算迟到',
      'On site by the end of the promise + 15 min ÷ visits with a promise; nobody came counts as late',
    ),
  },
  first_time_fix: {
    name: w('一次修复率', 'First-time fix'),
    formula: w(
      '一次上门修复且 30 天内同站点、同设备、同类问题未再报修的维修工单 ÷ 期内关闭的维修工单；最近 30 天为暂定',
      'Repairs done in one visit with no order for the same site, asset and kind of problem in 30 days ÷ repairs closed in the period; the last 30 days are provisional',
    ),
  },
  sla_compliance: {
    name: w('SLA 达成率', 'SLA compliance'),
    formula: w(
      '期内到期的 SLA 时钟中按时停止的 ÷ 全部到期的；仍在计时且超时的算未达成；个人不计客服的首次响应',
      'Clocks met ÷ clocks due in the period; open and overdue counts as breached; a person answers for no first response of the desk',
    ),
  },
  utilisation: {
    name: w('有效工时利用率', 'Utilisation'),
    formula: w(
      '（现场 + 远程 + 文档）工时 ÷ 日历可用工时，只算已经结束的日子；路上另计；没有班次日历的日子不计并列出',
      '(onsite + remote + documentation) ÷ available calendar time of the days that are over; travel stands apart; days without a calendar are left out and listed',
    ),
  },
} satisfies Record<string, { name: Words; formula: Words }>

export const exclusionWords: Record<string, Words> = {
  cancelled: w('已取消', 'Cancelled'),
  duplicate: w('重复工单', 'Duplicate'),
  test: w('测试工单', 'Test'),
  held_for_customer: w('到期时因客户挂起', 'On hold for the customer when due'),
  customer_cannot_complete: w('客户原因无法完成', 'Impossible through the customer'),
  no_contact_yet: w('尚未联系客户', 'Customer not contacted yet'),
  not_taken: w('未接单', 'Not taken'),
  not_answered: w('未答复', 'Not answered'),
  voided: w('复核作废', 'Set aside by a review'),
  not_due_yet: w('尚未到期', 'Not due yet'),
  no_promise: w('没有承诺时段', 'No promise'),
  reassigned: w('已改派', 'Reassigned'),
  declined: w('已拒单', 'Declined'),
  no_calendar: w('没有班次日历', 'No calendar'),
  clock_cancelled: w('时钟已取消', 'Clock cancelled'),
}

export const clockWords: Record<string, Words> = {
  response: w('首次响应', 'First response'),
  takeup: w('接单', 'Take-up'),
  arrival: w('到场', 'Arrival'),
  resolve: w('解决', 'Resolution'),
}

export const exportWords = {
  kpis: w('指标', 'KPIs'),
  people: w('人员', 'People'),
  rows: w('明细', 'Rows'),
  definition: w('定义', 'Definition'),
  subject: w('对象', 'Subject'),
  company: w('全公司', 'Company'),
  period: w('统计区间', 'Period'),
  asOf: w('数据截至', 'As of'),
  kpi: w('指标', 'KPI'),
  value: w('数值', 'Value'),
  unit: w('单位', 'Unit'),
  n: w('样本数 n', 'n'),
  median: w('中位数', 'Median'),
  p90: w('P90', 'P90'),
  low: w('95% 区间下限', '95% from'),
  high: w('95% 区间上限', '95% to'),
  excluded: w('排除', 'Left out'),
  provisional: w('暂定', 'Provisional'),
  version: w('定义版本', 'Definition version'),
  name: w('姓名', 'Name'),
  team: w('团队', 'Team'),
  number: w('工单号', 'Order'),
  title: w('内容', 'Title'),
  customer: w('客户', 'Customer'),
  engineers: w('工程师', 'Engineers'),
  at: w('时间', 'Time'),
  counted: w('是否计入', 'Counted'),
  hit: w('是否达标', 'Met'),
  why: w('排除原因', 'Why not'),
  clock: w('时钟', 'Clock'),
  yes: w('是', 'Yes'),
  no: w('否', 'No'),
  share: w('%', '%'),
  minutes: w('分钟', 'min'),
  score: w('分', 'points'),
} satisfies Record<string, Words>
