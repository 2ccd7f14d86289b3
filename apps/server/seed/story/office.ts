// What people of the demo company write under their days, and what is said about it.

export const problems = [
  '机房空调偏热，设备进风温度 31℃，已拍照留底，建议客户检修',
  '客户网络策略限制远程，升级包只能现场拷贝，耗时约 40 分钟',
  '备件到货型号不一致，已联系仓库换货',
  '现场没有预留网口，临时借用了办公室交换机',
  '客户对接人临时变更，交接资料重新讲了一遍',
  '机柜 PDU 余量不足，下次扩容前要先加电',
]
export const suggestions = [
  '这个型号的固件升级建议做成离线包，节省现场时间',
  '验收单里「配置备份」一项建议改成必填',
  '去这个园区建议提前一天报备车牌，门岗排队很久',
  '同一楼层还有两台同批次设备，建议一起安排巡检',
]
export const plans = ['上午先去补签昨天的交付单，再去下一站', '出发前先和客户确认停机窗口', '带上备用光模块和 SSD 两块']
/** What is asked about an exception, and what is answered. */
export const questions: Record<string, readonly [question: string, answer: string]> = {
  late: ['为什么晚到了？客户有没有意见？', '前一家拖了时间，路上也堵，已和客户解释过'],
  partial: ['剩下的工作什么时候能排上？需要我协调备件吗？', '备件周四到，周五上午可以去'],
  unable: ['没做成的原因和客户确认过吗？下次去之前要准备什么？', '确认过，客户先把机柜腾出来，下周再约'],
  doubted: ['签到位置偏得有点远，是从哪个门进的？', '从北门进的，楼里没有信号，到机房后补的签到'],
  overtime: ['又忙到这么晚，是排得太满还是现场有意外？', '现场等客户停机窗口，不是排单的问题'],
  low_score: ['客户给分低，现场发生了什么？', '客户不满意等待时间，已当面说明'],
}
export const corrections = [
  { kind: 'travel', reason: '忘了点出发，按打车记录补上' },
  { kind: 'documentation', reason: '在办公室整理交付资料' },
  { kind: 'standby', reason: '等客户开门' },
] as const
