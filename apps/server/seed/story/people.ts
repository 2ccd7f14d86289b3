import type { Role, Scope } from '#contracts/abilities/index'
import { idFor, type RegionKey, type StoryCompany, type TeamKey } from './company'
import { type CityName, near, type Street, streetsOf } from './places'
import { Rng } from './rng'
import { addDays, addWorkdays, at, clock, dateOf, isWorkday, type LocalDate, weekday } from './time'

// ── skills and certificates ────────────────────────────────────────────────────────────────────────────────────────

const SKILL_TREE = {
  infra: ['基础设施', { server: '服务器部署', virtual: '虚拟化与云桌面', database: '数据库', backup: '备份与容灾' }],
  network: ['网络与布线', { network: '网络交换', wifi: '无线网络', wiring: '综合布线', firewall: '边界安全' }],
  terminal: [
    '园区与终端',
    { card: '门禁一卡通', gate: '人脸闸机', print: '打印与扫描', kiosk: '自助终端', meeting: '会议与叫号屏' },
  ],
  medical: ['医疗信息', { his: 'HIS 接口', lis: 'LIS 与 PACS 接口', emr: '电子病历', insurance: '医保接口' }],
  business: [
    '企业应用',
    { oa: 'OA 流程', finance: 'ERP 财务模块', supply: 'ERP 供应链模块', mes: '车间执行 MES', esign: '电子签章' },
  ],
  general: ['通用', { mobile: '移动端', sso: '统一认证', survey: '需求调研', train: '培训', cutover: '上线切换' }],
} as const

type Tree = typeof SKILL_TREE
export type SkillGroupKey = keyof Tree
export type SkillKey = { [G in SkillGroupKey]: keyof Tree[G][1] }[SkillGroupKey] & string

export interface StorySkill {
  /** What orders and rules name; it never changes. */
  code: string
  parentCode: string | null
  name: string
  position: number
}

export function tellSkills(): StorySkill[] {
  let position = 0
  return (Object.keys(SKILL_TREE) as SkillGroupKey[]).flatMap((group) => {
    const [name, leaves] = SKILL_TREE[group]
    const parentCode = `group.${group}`
    return [
      { code: parentCode, parentCode: null, name, position: position++ },
      ...Object.entries(leaves).map(([code, leaf]) => ({
        code,
        parentCode,
        name: leaf as string,
        position: position++,
      })),
    ]
  })
}

const CERTIFICATES = {
  low_voltage: { name: '低压电工证', issuer: '应急管理局', years: 6, prefix: 'T' },
  heights: { name: '高处作业证', issuer: '应急管理局', years: 6, prefix: 'T' },
  project_manager_exam: { name: '信息系统项目管理师', issuer: '计算机技术职业资格网', years: null, prefix: 'RK' },
  network_vendor: { name: '厂商认证网络工程师（专业级）', issuer: '网络设备厂商', years: 3, prefix: 'NP' },
  database_vendor: { name: '数据库管理员认证（专家级）', issuer: '数据库厂商', years: 2, prefix: 'DB' },
  hospital_entry: { name: '医疗机构进场培训合格证', issuer: '医院后勤协会', years: 1, prefix: 'YY' },
  security: { name: '信息安全保障人员认证', issuer: '信息安全认证中心', years: 3, prefix: 'AQ' },
} as const
export type CertificateCode = keyof typeof CERTIFICATES

export interface StoryCertificateKind {
  code: CertificateCode
  name: string
  issuer: string
  validYears: number | null
}

export const tellCertificateKinds = (): StoryCertificateKind[] =>
  (Object.keys(CERTIFICATES) as CertificateCode[]).map((code) => ({
    code,
    name: CERTIFICATES[code].name,
    issuer: CERTIFICATES[code].issuer,
    validYears: CERTIFICATES[code].years,
  }))

// ── people ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface StoryGrant {
  role: Role
  scope: Scope
  /** The team, department or region that the scope names; null for own and all. */
  refId: string | null
}

export interface StoryPerson {
  id: string
  userName: string
  name: string
  gender: 'female' | 'male'
  title: string
  phone: string
  email: string
  teamId: string
  teamKey: TeamKey
  regionKey: RegionKey | null
  grants: readonly StoryGrant[]
  hiredOn: LocalDate
  /** Which role this person shows in the demo's sign-in, and on which face. */
  demo: { role: Role; face: 'desk' | 'field' } | null
}

export interface StorySkillHeld {
  code: SkillKey
  level: 1 | 2 | 3 | 4 | 5
  since: LocalDate
}

export interface StoryCertificate {
  id: string
  kind: CertificateCode
  number: string
  issuedOn: LocalDate
  expiresOn: LocalDate | null
}

export type ShiftKey = 'standard' | 'hospital'

export interface StoryShift {
  id: string
  key: ShiftKey
  name: string
  /** A Monday, from which the cycle of seven days counts. */
  anchor: LocalDate
  cycle: readonly (readonly (readonly [number, number])[])[]
  /** Free on public holidays, at work on 调休. */
  followsHolidays: true
}

export interface StoryAbsence {
  id: string
  engineerId: string
  kind: 'leave' | 'training'
  /** Epoch milliseconds. */
  start: number
  end: number
  reason: string
}

/** How a person works; history is drawn from it and nothing of it is stored. */
export interface StoryTraits {
  /** Multiplies durations: below 1 is quick. */
  pace: number
  /** Mean satisfaction in 0..1. */
  craft: number
  /** Chance of being late without a reason of the road. */
  tardy: number
  /** Median minutes until an offer is answered. */
  answerMin: number
  /** Chance of filing the document at once. */
  orderly: number
}

export interface StoryEngineer extends StoryPerson {
  city: CityName
  level: 'junior' | 'middle' | 'senior'
  home: { lat: number; lng: number; datum: 'gcj02'; district: string; street: string }
  shiftKey: ShiftKey
  skills: readonly StorySkillHeld[]
  certificates: readonly StoryCertificate[]
  traits: StoryTraits
  /** Its orders run through the system since then; null: exists as a person with a schedule only. */
  liveSince: LocalDate | null
}

export interface StoryPeople {
  skills: readonly StorySkill[]
  certificateKinds: readonly StoryCertificateKind[]
  shifts: readonly StoryShift[]
  engineers: readonly StoryEngineer[]
  /** Everybody else. */
  staff: readonly StoryPerson[]
  /** Engineers and staff together. */
  everyone: readonly StoryPerson[]
  absences: readonly StoryAbsence[]
}

type Field = 'medical' | 'network' | 'campus' | 'business' | 'factory'
type EngineerRow = readonly [
  name: string,
  gender: 'f' | 'm',
  userName: string,
  team: TeamKey,
  city: CityName,
  level: StoryEngineer['level'],
  field: Field,
  years: number,
]

const ENGINEERS: readonly EngineerRow[] = [
  ['沈若川', 'm', 'shenruochuan', 'east.sh1', '上海', 'senior', 'medical', 9],
  ['顾明轩', 'm', 'gumingxuan', 'east.sh1', '上海', 'senior', 'medical', 6],
  ['陆㛃', 'f', 'lujie', 'east.sh1', '上海', 'middle', 'medical', 4],
  ['蒋亦航', 'm', 'jiangyihang', 'east.sh1', '上海', 'middle', 'campus', 4],
  ['欧阳子睿', 'm', 'ouyangzirui', 'east.sh1', '上海', 'junior', 'network', 1],
  ['许蔚', 'f', 'xuwei', 'east.sh1', '上海', 'middle', 'business', 5],
  ['戴承远', 'm', 'daichengyuan', 'east.sh2', '上海', 'senior', 'network', 8],
  ['金晓冬', 'f', 'jinxiaodong', 'east.sh2', '上海', 'middle', 'business', 5],
  ['阿卜杜热合曼·买买提', 'm', 'abdurahman', 'east.sh2', '上海', 'middle', 'campus', 3],
  ['方可', 'm', 'fangke', 'east.sh2', '上海', 'junior', 'campus', 1],
  ['汤予安', 'm', 'tangyuan', 'east.sh2', '上海', 'middle', 'factory', 4],
  ['俞启帆', 'm', 'yuqifan', 'east.hy', '杭州', 'senior', 'business', 7],
  ['章楠', 'f', 'zhangnan', 'east.hy', '杭州', 'middle', 'medical', 4],
  ['楼佳怡', 'f', 'loujiayi', 'east.hy', '杭州', 'middle', 'campus', 3],
  ['傅𬭎', 'm', 'fuhong', 'east.hy', '杭州', 'junior', 'factory', 2],
  ['应海波', 'm', 'yinghaibo', 'east.hy', '宁波', 'senior', 'factory', 8],
  ['钱立恒', 'm', 'qianliheng', 'east.sn', '苏州', 'senior', 'factory', 8],
  ['吴梦瑶', 'f', 'wumengyao', 'east.sn', '苏州', 'middle', 'medical', 3],
  ['周砚', 'm', 'zhouyan', 'east.sn', '南京', 'middle', 'network', 5],
  ['袁博文', 'm', 'yuanbowen', 'east.sn', '南京', 'middle', 'business', 4],
  ['赵景行', 'm', 'zhaojingxing', 'north.bj', '北京', 'senior', 'network', 9],
  ['王岳', 'm', 'wangyue', 'north.bj', '北京', 'middle', 'medical', 5],
  ['李思齐', 'f', 'lisiqi', 'north.bj', '北京', 'middle', 'business', 4],
  ['孟繁星', 'm', 'mengfanxing', 'north.bj', '北京', 'middle', 'campus', 3],
  ['娜仁托娅', 'f', 'narentuoya', 'north.bj', '北京', 'junior', 'campus', 1],
  ['刘振国', 'm', 'liuzhenguo', 'north.tj', '天津', 'senior', 'factory', 10],
  ['张诺', 'm', 'zhangnuo', 'north.tj', '天津', 'middle', 'network', 3],
  ['郝丽娜', 'f', 'haolina', 'north.tj', '石家庄', 'middle', 'medical', 4],
  ['孔维峰', 'm', 'kongweifeng', 'north.jn', '济南', 'senior', 'medical', 7],
  ['高天宇', 'm', 'gaotianyu', 'north.jn', '济南', 'junior', 'network', 2],
  ['石岩', 'm', 'shiyan', 'north.jn', '济南', 'middle', 'factory', 5],
  ['陈嘉豪', 'm', 'chenjiahao', 'south.gf', '广州', 'senior', 'network', 8],
  ['黄诗韵', 'f', 'huangshiyun', 'south.gf', '广州', 'middle', 'medical', 4],
  ['何俊', 'm', 'hejun', 'south.gf', '广州', 'junior', 'campus', 2],
  ['梁志聪', 'm', 'liangzhicong', 'south.gf', '佛山', 'middle', 'factory', 5],
  ['林泽楷', 'm', 'linzekai', 'south.sd', '深圳', 'senior', 'business', 7],
  ['曾欣怡', 'f', 'zengxinyi', 'south.sd', '深圳', 'middle', 'campus', 3],
  ['邓伟聪', 'm', 'dengweicong', 'south.sd', '东莞', 'middle', 'factory', 4],
  ['蔡文彬', 'm', 'caiwenbin', 'south.xm', '厦门', 'middle', 'network', 6],
  ['苏晴', 'f', 'suqing', 'south.xm', '厦门', 'junior', 'business', 2],
]

/** What people of a field know: primary skills at their level, secondary ones below it. */
const FIELDS: Record<Field, { primary: readonly SkillKey[]; secondary: readonly SkillKey[] }> = {
  medical: {
    primary: ['his', 'lis', 'insurance', 'kiosk', 'database'],
    secondary: ['emr', 'print', 'server', 'train', 'meeting', 'mobile', 'cutover', 'card'],
  },
  network: {
    primary: ['network', 'wifi', 'firewall', 'server', 'virtual'],
    secondary: ['wiring', 'backup', 'sso', 'print', 'card', 'database', 'kiosk', 'meeting'],
  },
  campus: {
    primary: ['card', 'gate', 'kiosk', 'meeting', 'wiring'],
    secondary: ['network', 'print', 'mobile', 'train', 'wifi', 'survey', 'his', 'oa'],
  },
  business: {
    primary: ['oa', 'finance', 'supply', 'esign', 'train'],
    secondary: ['survey', 'mobile', 'sso', 'database', 'cutover', 'print', 'insurance', 'emr'],
  },
  factory: {
    primary: ['mes', 'supply', 'network', 'print', 'card'],
    secondary: ['server', 'database', 'wiring', 'finance', 'gate', 'train', 'survey', 'wifi'],
  },
}

type StaffRow = readonly [
  name: string,
  gender: 'f' | 'm',
  userName: string,
  team: TeamKey,
  title: string,
  grants: readonly (readonly [Role, Scope, TeamKey?])[],
  demo?: Role,
]

const STAFF: readonly StaffRow[] = [
  ['余静', 'f', 'yujing', 'service', '华东调度主管', [['dispatcher', 'region', 'east']], 'dispatcher'],
  ['马晓燕', 'f', 'maxiaoyan', 'service', '华北调度专员', [['dispatcher', 'region', 'north']]],
  ['罗凯', 'm', 'luokai', 'service', '华南调度专员', [['dispatcher', 'region', 'south']]],
  ['徐鹏程', 'm', 'xupengcheng', 'east', '高级项目经理', [['project_manager', 'region', 'east']], 'project_manager'],
  ['朱以宁', 'f', 'zhuyining', 'east', '项目经理', [['project_manager', 'region', 'east']]],
  ['谢东来', 'm', 'xiedonglai', 'north', '项目经理', [['project_manager', 'region', 'north']]],
  ['冯少华', 'm', 'fengshaohua', 'south', '项目经理', [['project_manager', 'region', 'south']]],
  ['严立群', 'm', 'yanliqun', 'east', '华东交付总监', [['supervisor', 'region', 'east']], 'supervisor'],
  ['韩雪松', 'm', 'hanxuesong', 'north', '华北交付总监', [['supervisor', 'region', 'north']]],
  ['廖家伟', 'm', 'liaojiawei', 'south', '华南交付总监', [['supervisor', 'region', 'south']]],
  ['田甜', 'f', 'tiantian', 'hr', '人力资源经理', [['hr', 'all']], 'hr'],
  ['贺敏', 'f', 'hemin', 'hr', '绩效专员', [['hr', 'all']]],
  ['程望舒', 'f', 'chengwangshu', 'office', '副总经理', [['executive', 'all']], 'executive'],
  ['夏知秋', 'f', 'xiazhiqiu', 'quality', '质量经理', [['quality', 'all']], 'quality'],
  ['丁一诺', 'm', 'dingyinuo', 'quality', '回访专员', [['quality', 'all']]],
  ['叶清扬', 'm', 'yeqingyang', 'product', '产品支持经理', [['knowledge_editor', 'all']], 'knowledge_editor'],
  ['秦朗', 'm', 'qinlang', 'product', '产品支持工程师', [['knowledge_editor', 'all']]],
  ['白露', 'f', 'bailu', 'service', '服务运营经理', [['operations', 'all']], 'operations'],
  ['施景明', 'm', 'shijingming', 'it', '系统管理员', [['administrator', 'all']], 'administrator'],
  ['魏子衿', 'f', 'weizijin', 'audit', '内审专员', [['auditor', 'all']], 'auditor'],
]

/** The engineer whom the demo signs in. */
export const DEMO_ENGINEER = 'gumingxuan'

const PREFIXES = ['138', '139', '136', '159', '158', '186', '188', '177', '199', '150']

/**
 * Mobile numbers of the right form that nobody can be reached at by accident: the area part is 0000.
 * `index` makes them different.
 */
export const fictitiousMobile = (index: number): string =>
  `${PREFIXES[index % PREFIXES.length]}0000${String((index * 7919 + 1024) % 10_000).padStart(4, '0')}`

export const personId = (seed: string, userName: string): string => idFor(seed, 'person', userName)

/** The company's people on the day of `now` (epoch milliseconds). */
export function tellPeople(seed: string, now: number, company: StoryCompany): StoryPeople {
  const today = dateOf(now)
  const teams = new Map(company.teams.map((team) => [team.key, team]))
  const teamOf = (key: TeamKey) => teams.get(key)!
  const person = (
    index: number,
    name: string,
    gender: 'f' | 'm',
    userName: string,
    team: TeamKey,
    title: string,
    years: number,
  ) => ({
    id: personId(seed, userName),
    userName,
    name,
    gender: gender === 'f' ? ('female' as const) : ('male' as const),
    title,
    phone: fictitiousMobile(index),
    email: `${userName}@xuheng.example`,
    teamId: teamOf(team).id,
    teamKey: team,
    regionKey: teamOf(team).regionKey,
    hiredOn: addDays(today, -Math.round(years * 365.25 + ((index * 37) % 300))),
  })

  const engineers = ENGINEERS.map(([name, gender, userName, team, city, level, field, years], index): StoryEngineer => {
    const rng = new Rng(`${seed}/engineer/${userName}`)
    const base = person(index, name, gender, userName, team, TITLES[level], years)
    const street = homeStreet(rng, city)
    const point = near(rng, street, 500)
    return {
      ...base,
      grants: [{ role: 'engineer', scope: 'own', refId: null }],
      demo: userName === DEMO_ENGINEER ? { role: 'engineer', face: 'field' } : null,
      city,
      level,
      home: { ...point, datum: 'gcj02', district: street.district, street: street.street },
      shiftKey: team === 'east.sh1' && index % 2 === 0 ? 'hospital' : 'standard',
      skills: skillsOf(rng, field, level, today, years),
      certificates: certificatesOf(seed, rng, userName, field, level, years, today),
      traits: traitsOf(rng, level),
      liveSince: teamOf(team).liveSince,
    }
  })

  const staff = STAFF.map(([name, gender, userName, team, title, grants, demo], index): StoryPerson => {
    const base = person(100 + index, name, gender, userName, team, title, 3 + (index % 7))
    return {
      ...base,
      grants: grants.map(([role, scope, ref]) => ({ role, scope, refId: ref ? teamOf(ref).id : null })),
      demo: demo ? { role: demo, face: 'desk' } : null,
    }
  })

  return {
    skills: tellSkills(),
    certificateKinds: tellCertificateKinds(),
    shifts: tellShifts(seed),
    engineers,
    staff,
    everyone: [...engineers, ...staff],
    absences: tellAbsences(seed, company, engineers, today),
  }
}

const TITLES = { junior: '实施工程师', middle: '中级实施工程师', senior: '高级实施工程师' } as const

const homeStreet = (rng: Rng, city: CityName): Street => rng.pick(streetsOf(city))

function tellShifts(seed: string): StoryShift[] {
  const shift = (key: ShiftKey, name: string, from: number, lunch: number, to: number): StoryShift => {
    const day = [
      [clock(from), clock(lunch)],
      [clock(lunch + 1), clock(to)],
    ] as const
    return {
      id: idFor(seed, 'shift', key),
      key,
      name,
      anchor: '2026-01-05',
      cycle: [day, day, day, day, day, [], []],
      followsHolidays: true,
    }
  }
  return [shift('standard', '标准班 09:00–18:00', 9, 12, 18), shift('hospital', '医院早班 08:00–17:00', 8, 12, 17)]
}

function skillsOf(
  rng: Rng,
  field: Field,
  level: StoryEngineer['level'],
  today: LocalDate,
  years: number,
): StorySkillHeld[] {
  const top = { junior: 2, middle: 3, senior: 5 }[level]
  const extra = { junior: 4, middle: 6, senior: 8 }[level]
  const clamp = (n: number) => Math.min(5, Math.max(1, n)) as StorySkillHeld['level']
  const held = (key: SkillKey, value: number): StorySkillHeld => ({
    code: key,
    level: clamp(value),
    since: addDays(today, -Math.round(rng.between(0.2, 1) * years * 365)),
  })
  const { primary, secondary } = FIELDS[field]
  return [
    ...primary.map((key, i) => held(key, top - (i > 1 && rng.chance(0.5) ? 1 : 0) + (i === 0 ? 1 : 0))),
    ...rng.sample(secondary, extra).map((key) => held(key, top - 1 - (rng.chance(0.4) ? 1 : 0))),
  ]
}

function certificatesOf(
  seed: string,
  rng: Rng,
  userName: string,
  field: Field,
  level: StoryEngineer['level'],
  years: number,
  today: LocalDate,
): StoryCertificate[] {
  const wanted: CertificateCode[] = []
  if (field !== 'business' || rng.chance(0.3)) wanted.push('low_voltage')
  if (field === 'medical' || userName === 'jiangyihang' || rng.chance(0.35)) wanted.push('hospital_entry')
  if ((field === 'network' || field === 'factory') && level !== 'junior') wanted.push('network_vendor')
  if (field === 'medical' && level !== 'junior' && rng.chance(0.6)) wanted.push('database_vendor')
  if (field === 'campus' || rng.chance(0.15)) wanted.push('heights')
  if (level === 'senior') wanted.push('project_manager_exam')
  if (level === 'senior' && rng.chance(0.5)) wanted.push('security')
  return wanted.map((key) => {
    const { years: valid, prefix } = CERTIFICATES[key]
    const validDays = valid === null ? null : Math.round(valid * 365.25)
    // Days until it expires: three are told on purpose, the rest is spread over the certificate's life.
    const told: Record<string, number> = {
      'jiangyihang/hospital_entry': -12,
      'gumingxuan/hospital_entry': 18,
      'daichengyuan/network_vendor': 26,
      'loujiayi/low_voltage': 41,
    }
    const left =
      told[`${userName}/${key}`] ?? (validDays === null ? 0 : Math.round(rng.between(0.16, 0.98) * validDays))
    const issuedOn =
      validDays === null
        ? addDays(today, -Math.round(rng.between(0.2, 0.8) * years * 365))
        : addDays(today, left - validDays)
    return {
      id: idFor(seed, 'certificate', `${userName}/${key}`),
      kind: key,
      number: `${prefix}${issuedOn.slice(0, 4)}${String(rng.int(0, 999_999)).padStart(6, '0')}`,
      issuedOn,
      expiresOn: validDays === null ? null : addDays(today, left),
    }
  })
}

function traitsOf(rng: Rng, level: StoryEngineer['level']): StoryTraits {
  const craft = { junior: 0.8, middle: 0.87, senior: 0.92 }[level]
  return {
    pace: rng.between(0.9, 1.12) * { junior: 1.15, middle: 1, senior: 0.9 }[level],
    craft: Math.min(0.97, craft + rng.between(-0.05, 0.05)),
    tardy: rng.between(0.02, 0.1),
    answerMin: rng.between(2, 9),
    orderly: rng.between(0.78, 0.98),
  }
}

type Why = 'annual' | 'sick' | 'personal' | 'training' | 'compensatory'
const ABSENCE_REASONS: Record<Why, readonly string[]> = {
  annual: ['年假，回老家', '年假，带孩子出行', '年假'],
  sick: ['发烧，已就诊', '肠胃炎，医生建议休息', '牙科手术'],
  personal: ['家中有事', '办理房产手续', '孩子家长会'],
  training: ['厂商认证培训', '数据库专项培训', '安全生产复训'],
  compensatory: ['周末值班调休', '夜间割接后调休'],
}

function tellAbsences(
  seed: string,
  company: StoryCompany,
  engineers: readonly StoryEngineer[],
  today: LocalDate,
): StoryAbsence[] {
  const out: StoryAbsence[] = []
  const until = addDays(today, 35)
  for (const engineer of engineers) {
    const rng = new Rng(`${seed}/absence/${engineer.userName}`)
    const from = engineer.liveSince ?? addDays(today, -21)
    let date = addDays(from < company.liveSince ? company.liveSince : from, rng.int(4, 30))
    while (date < until) {
      const why = rng.weigh({ annual: 34, sick: 14, personal: 18, training: 16, compensatory: 18 })
      if (isWorkday(date)) {
        const half = (why === 'compensatory' || why === 'personal') && rng.chance(0.45)
        const days = why === 'annual' ? rng.int(1, 4) : why === 'training' ? rng.int(1, 2) : 1
        const last = addWorkdays(date, days - 1)
        // The demo's own engineer works today, or there would be nothing to show on his phone.
        const hitsToday = date <= today && today <= last
        if (!(engineer.userName === DEMO_ENGINEER && hitsToday)) {
          out.push({
            id: idFor(seed, 'absence', `${engineer.userName}/${date}`),
            engineerId: engineer.id,
            kind: why === 'training' ? 'training' : 'leave',
            start: half ? at(date, clock(13)) : at(date),
            end: half ? at(date, clock(18)) : at(addDays(last, 1)),
            reason: rng.pick(ABSENCE_REASONS[why]),
          })
        }
        date = last
      }
      date = addDays(date, rng.int(18, 55))
    }
  }
  // Somebody is always away today, as in every company of forty.
  const busy = new Set(out.filter((a) => a.start < at(addDays(today, 1)) && a.end > at(today)).map((a) => a.engineerId))
  for (const [userName, kind, reason] of [
    ['fangke', 'training', '安全生产复训'],
    ['haolina', 'leave', '年假'],
  ] as const) {
    const engineer = engineers.find((e) => e.userName === userName)!
    if (busy.has(engineer.id)) continue
    out.push({
      id: idFor(seed, 'absence', `${userName}/today/${today}`),
      engineerId: engineer.id,
      kind,
      start: at(today),
      end: at(addDays(today, 1)),
      reason,
    })
  }
  return out.sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1))
}

/** Is the engineer away for any part of the span? */
export const isAway = (absences: readonly StoryAbsence[], engineerId: string, start: number, end: number): boolean =>
  absences.some((a) => a.engineerId === engineerId && a.start < end && a.end > start)

/** The engineers of a team on duty on a rest day: one at a time, in turn by week and day. */
export function dutyOn(engineers: readonly StoryEngineer[], team: TeamKey, date: LocalDate): StoryEngineer | null {
  if (isWorkday(date)) return null
  const members = engineers.filter((e) => e.teamKey === team)
  if (members.length === 0) return null
  const turn = Math.floor(at(date) / 604_800_000) * 2 + (weekday(date) === 0 ? 1 : 0)
  return members[turn % members.length]!
}
