import { idFor, type StoryCompany } from './company'
import { paymentNodes, type StoryContract, type StoryCustomers } from './customers'
import { personId, type StoryPeople } from './people'
import { Rng } from './rng'
import { addWorkdays, dateOf, type LocalDate, workdayOnOrAfter } from './time'

export const PHASE_KEYS = ['initiation', 'survey', 'design', 'deploy', 'training', 'trial', 'acceptance'] as const
export type PhaseKey = (typeof PHASE_KEYS)[number]

export interface StoryPhaseTemplate {
  key: PhaseKey
  name: string
  /** Working days. */
  durationDays: number
  /** Share of the project's progress, in percent; all together 100. */
  weight: number
  requiredDocuments: readonly string[]
}

export interface StoryPhase {
  id: string
  key: PhaseKey
  name: string
  order: number
  weight: number
  ownerId: string
  plannedStart: LocalDate
  plannedEnd: LocalDate
  actualStart: LocalDate | null
  actualEnd: LocalDate | null
  requiredDocuments: readonly { name: string; filedOn: LocalDate | null }[]
}

export type ProjectHealth =
  | 'on_track'
  | 'overdue_phase'
  | 'low_score'
  | 'late_checkin'
  | 'paused_for_customer'
  | 'just_started'
  | 'in_trial'
  | 'accepted'

export interface StoryProject {
  id: string
  key: string
  number: string
  name: string
  customerId: string
  siteId: string
  contractId: string
  managerId: string
  teamId: string
  /** What the product should find by itself; not a column. */
  told: ProjectHealth
  state: 'active' | 'paused' | 'accepted'
  pause: { since: LocalDate; reason: string; responsibility: 'customer' } | null
  acceptedOn: LocalDate | null
  budgetPersonDays: number
  summary: string
  risk: string | null
  phases: readonly StoryPhase[]
}

export interface StoryProjects {
  /** The phases that every project of the story has; the shipped template in other words (a test compares). */
  phases: readonly StoryPhaseTemplate[]
  projects: readonly StoryProject[]
  contracts: readonly StoryContract[]
}

const PHASES: readonly StoryPhaseTemplate[] = [
  { key: 'initiation', name: '立项', durationDays: 3, weight: 5, requiredDocuments: ['项目立项书', '项目启动会纪要'] },
  { key: 'survey', name: '需求调研', durationDays: 8, weight: 15, requiredDocuments: ['需求调研报告', '需求确认书'] },
  { key: 'design', name: '方案', durationDays: 7, weight: 10, requiredDocuments: ['实施方案', '数据迁移方案'] },
  { key: 'deploy', name: '部署', durationDays: 15, weight: 30, requiredDocuments: ['设备部署报告', '系统配置清单'] },
  { key: 'training', name: '培训', durationDays: 5, weight: 10, requiredDocuments: ['培训签到表', '培训反馈汇总'] },
  { key: 'trial', name: '试运行', durationDays: 20, weight: 20, requiredDocuments: ['试运行报告', '问题跟踪表'] },
  { key: 'acceptance', name: '验收', durationDays: 5, weight: 10, requiredDocuments: ['项目验收报告', '资料移交清单'] },
]

interface Row {
  key: string
  customer: string
  name: string
  manager: string
  owner: string
  /** Working days before today on which the project was started. */
  startedAgo: number
  /** What each phase that has ended took, against its plan, in working days. */
  slips: readonly number[]
  health: ProjectHealth
  budget: number
  amountWan: number
  summary: string
  risk: string | null
}

const ROWS: readonly Row[] = [
  {
    key: 'xinghai-his',
    customer: 'xinghai',
    name: '星海医院门诊一体化升级项目',
    manager: 'xupengcheng',
    owner: 'shenruochuan',
    startedAgo: 27,
    slips: [0, 1, -1],
    health: 'on_track',
    budget: 86,
    amountWan: 168,
    summary: '门诊收费、分诊叫号与自助机统一接入，替换旧 HIS 接口，分三个院区依次上线。',
    risk: null,
  },
  {
    key: 'shengtuo-mes',
    customer: 'shengtuo',
    name: '晟桓电子车间执行系统二期',
    manager: 'xupengcheng',
    owner: 'qianliheng',
    startedAgo: 43,
    slips: [0, 2, 3],
    health: 'overdue_phase',
    budget: 120,
    amountWan: 236,
    summary: '在一厂基础上把 MES 推广到二厂三条产线，打通条码、质检与 ERP 报工。',
    risk: '二厂网络改造未按期交付，12 台工位终端无法入网，部署阶段已超期。',
  },
  {
    key: 'huihe-kiosk',
    customer: 'huihe',
    name: '惠禾妇儿医院自助服务区建设',
    manager: 'zhuyining',
    owner: 'gumingxuan',
    startedAgo: 36,
    slips: [0, 0, 1, 0],
    health: 'low_score',
    budget: 45,
    amountWan: 92,
    summary: '新增 18 台自助机与产科叫号屏，接入医保移动支付。',
    risk: '产科叫号屏首次上线后连续两次蓝屏，客户评分偏低，已进入回访改进。',
  },
  {
    key: 'chuanhe-erp',
    customer: 'chuanhe',
    name: '川珩智造 ERP 财务供应链上线',
    manager: 'zhuyining',
    owner: 'yuqifan',
    startedAgo: 31,
    slips: [0, 0, 0],
    health: 'late_checkin',
    budget: 98,
    amountWan: 185,
    summary: '财务、采购、库存三大模块上线，历史单据迁移 6 年。',
    risk: '近两周有多次上门迟到签到，客户项目经理已提醒一次。',
  },
  {
    key: 'pujin-hall',
    customer: 'pujin',
    name: '浦锦苑政务大厅无纸化改造',
    manager: 'xupengcheng',
    owner: 'daichengyuan',
    startedAgo: 31,
    slips: [1, 2, 0],
    health: 'paused_for_customer',
    budget: 60,
    amountWan: 128,
    summary: '综合窗口电子签章、取号与自助填表一体化。',
    risk: '大厅二次装修延期，客户书面申请暂停，预计装修完成后恢复部署。',
  },
  {
    key: 'zilan-card',
    customer: 'zilan',
    name: '紫岫医院一卡通与门禁整合',
    manager: 'zhuyining',
    owner: 'zhouyan',
    startedAgo: 2,
    slips: [],
    health: 'just_started',
    budget: 52,
    amountWan: 76,
    summary: '合并三套旧门禁，职工一卡通与访客系统统一管理。',
    risk: null,
  },
  {
    key: 'yuheng-net',
    customer: 'yuheng',
    name: '昱桁智能园区网络与统一认证',
    manager: 'xiedonglai',
    owner: 'zhaojingxing',
    startedAgo: 48,
    slips: [0, -1, 0, 1, 0],
    health: 'in_trial',
    budget: 74,
    amountWan: 142,
    summary: '园区骨干网换新，办公与生产网隔离，接入统一认证。',
    risk: null,
  },
  {
    key: 'zhulan-hall',
    customer: 'zhulan',
    name: '珠岫医院住院自助结算项目',
    manager: 'fengshaohua',
    owner: 'chenjiahao',
    startedAgo: 74,
    slips: [0, 0, 1, -2, 0, 0, 0],
    health: 'accepted',
    budget: 38,
    amountWan: 66,
    summary: '住院部自助结算、费用清单打印与医保接口上线，已通过验收进入维保。',
    risk: null,
  },
]

export function tellProjects(
  seed: string,
  now: number,
  company: StoryCompany,
  people: StoryPeople,
  customers: StoryCustomers,
): StoryProjects {
  const today = dateOf(now)
  const contracts: StoryContract[] = []
  const projects = ROWS.map((row, index): StoryProject => {
    const customer = customers.customers.find((c) => c.key === row.customer)!
    const site = customers.sites.find((s) => s.customerId === customer.id && s.isMain)!
    const owner = people.engineers.find((e) => e.userName === row.owner)!
    const managerId = personId(seed, row.manager)
    const start = addWorkdays(workdayOnOrAfter(today), -row.startedAgo)
    const phases = phasesOf(seed, row, start, today, managerId, owner.id)
    const accepted = row.health === 'accepted' ? phases[phases.length - 1]!.actualEnd : null
    const contractId = idFor(seed, 'contract', row.key)
    const amountFen = row.amountWan * 1_000_000
    contracts.push({
      id: contractId,
      customerId: customer.id,
      number: `XH-XM-${start.slice(0, 4)}-${String(index + 1).padStart(3, '0')}`,
      title: `${row.name}合同`,
      startsOn: addWorkdays(start, -8),
      endsOn: addWorkdays(start, 120),
      entitlement: '按合同范围完成实施、培训与试运行，验收后免费维保 12 个月',
      visitsAllowed: null,
      personDaysAllowed: row.budget,
      amountFen,
      sla: [],
      deemAfterDays: customer.industry === 'government' ? null : 15,
      penalty: '因我方原因延期交付的，每逾期一周按合同额的 0.5% 扣减，累计不超过 5%。',
      paymentNodes: paymentNodes(amountFen, [
        ['合同签订', 30, start],
        ['部署完成', 30, null],
        ['试运行结束', 20, null],
        ['验收通过', 15, null],
        ['质保期满', 5, null],
      ]),
    })
    return {
      id: idFor(seed, 'project', row.key),
      key: row.key,
      number: `XM-${start.slice(0, 4)}-${String(index + 1).padStart(3, '0')}`,
      name: row.name,
      customerId: customer.id,
      siteId: site.id,
      contractId,
      managerId,
      teamId: company.teams.find((t) => t.key === owner.teamKey)!.id,
      told: row.health,
      state: row.health === 'paused_for_customer' ? 'paused' : row.health === 'accepted' ? 'accepted' : 'active',
      pause:
        row.health === 'paused_for_customer'
          ? { since: addWorkdays(today, -6), reason: '大厅二次装修延期，客户书面申请暂停', responsibility: 'customer' }
          : null,
      acceptedOn: accepted,
      budgetPersonDays: row.budget,
      summary: row.summary,
      risk: row.risk,
      phases,
    }
  })
  return { phases: PHASES, projects, contracts }
}

/**
 * Planned dates run one after another on the working calendar; actual ones follow with the slips told. A phase that
 * has not ended is under way since the one before it did, and a slip that would end in the future has not ended.
 */
function phasesOf(
  seed: string,
  row: Row,
  start: LocalDate,
  today: LocalDate,
  managerId: string,
  ownerId: string,
): StoryPhase[] {
  const rng = new Rng(`${seed}/project/${row.key}`)
  let planned = start
  let actual: LocalDate | null = start
  return PHASES.map((phase, i): StoryPhase => {
    const plannedStart = planned
    const plannedEnd = addWorkdays(plannedStart, phase.durationDays - 1)
    planned = addWorkdays(plannedEnd, 1)
    const slip = row.slips[i]
    const begun: LocalDate | null = actual !== null && actual <= today ? actual : null
    const reached = begun !== null && slip !== undefined ? addWorkdays(begun, phase.durationDays - 1 + slip) : null
    const ended = reached !== null && reached < today ? reached : null
    actual = ended === null ? null : addWorkdays(ended, 1)
    return {
      id: idFor(seed, 'phase', `${row.key}/${phase.key}`),
      key: phase.key,
      name: phase.name,
      order: i,
      weight: phase.weight,
      ownerId: phase.key === 'initiation' || phase.key === 'acceptance' ? managerId : ownerId,
      plannedStart,
      plannedEnd,
      actualStart: begun,
      actualEnd: ended,
      requiredDocuments: phase.requiredDocuments.map((name, d) => ({
        name,
        filedOn: ended !== null ? ended : begun !== null && d === 0 && rng.chance(0.5) ? begun : null,
      })),
    }
  })
}
