import { toDatum } from '#geo'
import { idFor, type RegionKey, type StoryCompany, type TeamKey } from './company'
import { type CertificateCode, fictitiousMobile, type SkillKey } from './people'
import { addressOf, CITIES, type CityName, near, type Street, streetsOf } from './places'
import { Rng } from './rng'
import { addDays, clock, dateOf, type LocalDate } from './time'

export const ORDER_TYPES = ['install', 'repair', 'inspect', 'train', 'upgrade', 'survey'] as const
export type StoryOrderType = (typeof ORDER_TYPES)[number]
export const PRIORITIES = ['urgent', 'high', 'normal', 'low'] as const
export type StoryPriority = (typeof PRIORITIES)[number]

export type Industry = 'hospital' | 'school' | 'factory' | 'property' | 'retail' | 'government'

export interface StoryCustomer {
  id: string
  key: string
  number: string
  name: string
  shortName: string
  industry: Industry
  city: CityName
  regionKey: RegionKey
  /** The team that serves it. */
  teamKey: TeamKey
  teamId: string
  tier: Tier
  since: LocalDate
  /** How much work it brings, against the others of its team. */
  weight: number
}

export interface StorySite {
  id: string
  customerId: string
  name: string
  address: string
  province: string
  city: CityName
  district: string
  street: string
  point: { lat: number; lng: number; datum: 'gcj02' | 'wgs84'; source: 'map_pick' | 'field_survey' }
  /** The same place in GCJ-02, for distances within the story. */
  gcj02: { lat: number; lng: number }
  radiusM: number
  zone: 'Asia/Shanghai'
  /** Seven lists of [from, to] minutes of the local day, Monday first. */
  accessHours: readonly (readonly (readonly [number, number])[])[]
  entryNeeds: {
    leadHours: number
    namedPersons: boolean
    equipmentList: boolean
    /** Codes of certificate kinds without which nobody gets in. */
    certificates: readonly CertificateCode[]
    blocks: boolean
    note: string
  }
  isMain: boolean
}

export interface StoryContact {
  id: string
  customerId: string
  siteId: string
  name: string
  gender: 'female' | 'male'
  title: string
  phone: string
  main: boolean
}

export interface StoryAsset {
  id: string
  customerId: string
  siteId: string
  key: AssetKey
  name: string
  model: string
  serial: string
  place: string
  installedOn: LocalDate
  warrantyUntil: LocalDate
}

export interface StorySlaLine {
  id: string
  priority: StoryPriority
  /** null: any type of order. */
  type: StoryOrderType | null
  targets: {
    calendar: 'always' | 'site_hours'
    responseMin: number
    takeupMin: number
    arrivalMin: number
    resolveMin: number
  }
}

export interface StoryContract {
  id: string
  customerId: string
  number: string
  title: string
  startsOn: LocalDate
  endsOn: LocalDate
  entitlement: string
  visitsAllowed: number | null
  personDaysAllowed: number
  /** Money in fen. */
  amountFen: number
  sla: readonly StorySlaLine[]
  /** Days after which silence counts as acceptance; null: never. */
  deemAfterDays: number | null
  penalty: string
  paymentNodes: readonly StoryPaymentNode[]
}

export interface StoryPaymentNode {
  name: string
  amountFen: number
  dueOn: LocalDate | null
  condition: string
}

/** The nodes of a contract by their shares; the last takes what rounding leaves. */
export function paymentNodes(
  amountFen: number,
  nodes: readonly (readonly [name: string, percent: number, dueOn: LocalDate | null])[],
): StoryPaymentNode[] {
  let left = amountFen
  return nodes.map(([name, percent, dueOn], i) => {
    const share = i === nodes.length - 1 ? left : Math.round((amountFen * percent) / 100)
    left -= share
    return { name, amountFen: share, dueOn, condition: `${name}后付 ${percent}%` }
  })
}

export interface StoryCustomers {
  customers: readonly StoryCustomer[]
  sites: readonly StorySite[]
  contacts: readonly StoryContact[]
  assets: readonly StoryAsset[]
  contracts: readonly StoryContract[]
}

export type Tier = 'gold' | 'standard' | 'basic'

type Row = readonly [
  key: string,
  shortName: string,
  name: string,
  industry: Industry,
  city: CityName,
  district: string,
  sites: number,
  tier: Tier,
  team: TeamKey,
]

/** Invented, every one: names are made of words that no organisation of the kind is known to bear. */
const ROWS: readonly Row[] = [
  ['xinghai', '星海医院', '上海星海医院', 'hospital', '上海', '浦东新区', 3, 'gold', 'east.sh1'],
  ['huihe', '惠禾妇儿医院', '上海惠禾妇儿医院', 'hospital', '上海', '静安区', 2, 'gold', 'east.sh1'],
  ['linlan', '临澜康复医院', '上海临澜康复医院', 'hospital', '上海', '闵行区', 2, 'standard', 'east.sh1'],
  ['hexu', '和煦护理院', '上海和煦护理院', 'hospital', '上海', '普陀区', 1, 'basic', 'east.sh1'],
  ['yizhou', '颐洲体检', '上海颐洲健康体检中心', 'hospital', '上海', '长宁区', 4, 'standard', 'east.sh1'],
  ['qingyu', '青屿实验学校', '上海青屿实验学校', 'school', '上海', '徐汇区', 2, 'standard', 'east.sh2'],
  ['liwen', '砺文职院', '上海砺文职业技术学院', 'school', '上海', '松江区', 2, 'standard', 'east.sh2'],
  ['chengguang', '澄昱精密', '上海澄昱精密制造有限公司', 'factory', '上海', '嘉定区', 2, 'gold', 'east.sh2'],
  ['yueheng', '岳铄电气', '上海岳铄电气有限公司', 'factory', '上海', '宝山区', 2, 'standard', 'east.sh2'],
  ['yunshan', '云杉里', '上海云杉里商业管理有限公司', 'property', '上海', '长宁区', 3, 'standard', 'east.sh2'],
  ['shiwei', '拾味灶', '上海拾味灶餐饮管理有限公司', 'retail', '上海', '静安区', 4, 'basic', 'east.sh2'],
  ['zhigu', '江湾枢园', '上海江湾枢园科创园区运营有限公司', 'property', '上海', '杨浦区', 2, 'standard', 'east.sh2'],
  ['pujin', '浦锦苑政务中心', '上海浦锦苑政务服务中心', 'government', '上海', '浦东新区', 1, 'gold', 'east.sh2'],
  ['huying', '湖映医院', '杭州湖映医院', 'hospital', '杭州', '西湖区', 2, 'gold', 'east.hy'],
  ['anze', '安泽口腔', '杭州安泽口腔门诊有限公司', 'hospital', '杭州', '上城区', 3, 'standard', 'east.hy'],
  ['cuilan', '翠岭外国语', '杭州翠岭外国语学校', 'school', '杭州', '余杭区', 2, 'standard', 'east.hy'],
  ['chuanhe', '川珩智造', '杭州川珩智造科技有限公司', 'factory', '杭州', '萧山区', 2, 'gold', 'east.hy'],
  ['puhe', '朴里家居', '杭州朴里家居连锁有限公司', 'retail', '杭州', '拱墅区', 4, 'basic', 'east.hy'],
  ['yunzhan', '云枢产业园', '杭州云枢产业园管理有限公司', 'property', '杭州', '滨江区', 2, 'standard', 'east.hy'],
  ['qianlan', '钱澜市民中心', '杭州钱澜市民服务中心', 'government', '杭州', '上城区', 1, 'gold', 'east.hy'],
  ['yonghe', '甬怀医院', '宁波甬怀医院', 'hospital', '宁波', '鄞州区', 2, 'standard', 'east.hy'],
  ['haibo', '海铄汽配', '宁波海铄汽车零部件有限公司', 'factory', '宁波', '北仑区', 2, 'gold', 'east.hy'],
  ['lanwan', '岚湾小学', '宁波岚湾实验小学', 'school', '宁波', '江北区', 1, 'basic', 'east.hy'],
  ['jinxi', '金汐医院', '苏州金汐医院', 'hospital', '苏州', '虎丘区', 2, 'gold', 'east.sn'],
  ['shengtuo', '晟桓电子', '苏州晟桓电子科技有限公司', 'factory', '苏州', '工业园区', 3, 'gold', 'east.sn'],
  ['jingou', '景瓯精工', '苏州景瓯精工有限公司', 'factory', '苏州', '昆山市', 2, 'standard', 'east.sn'],
  ['pinglan', '平澄书院学校', '苏州平澄书院附属学校', 'school', '苏州', '姑苏区', 1, 'basic', 'east.sn'],
  ['wuting', '吴汀广场', '苏州吴汀商业广场管理有限公司', 'property', '苏州', '吴中区', 2, 'standard', 'east.sn'],
  ['xianghe', '相禾政务分中心', '苏州相禾政务服务分中心', 'government', '苏州', '相城区', 1, 'standard', 'east.sn'],
  ['zilan', '紫岫医院', '南京紫岫医院', 'hospital', '南京', '鼓楼区', 2, 'gold', 'east.sn'],
  ['qichuan', '栖川学院', '南京栖川学院', 'school', '南京', '栖霞区', 2, 'standard', 'east.sn'],
  ['ningtuo', '宁弧轨道', '南京宁弧轨道装备有限公司', 'factory', '南京', '江宁区', 2, 'standard', 'east.sn'],
  ['qinhe', '秦庖超市', '南京秦庖超市连锁有限公司', 'retail', '南京', '建邺区', 4, 'basic', 'east.sn'],
  ['jiangpan', '江畔政务大厅', '南京江畔政务服务大厅', 'government', '南京', '浦口区', 1, 'standard', 'east.sn'],
  ['wanglan', '望岑医院', '北京望岑医院', 'hospital', '北京', '朝阳区', 2, 'gold', 'north.bj'],
  ['qilan', '启岑实验中学', '北京启岑实验中学', 'school', '北京', '海淀区', 1, 'standard', 'north.bj'],
  ['yuheng', '昱桁智能', '北京昱桁智能装备有限公司', 'factory', '北京', '大兴区', 2, 'gold', 'north.bj'],
  ['chaohe', '朝穗商管', '北京朝穗商业管理有限公司', 'property', '北京', '朝阳区', 2, 'standard', 'north.bj'],
  ['shilan', '石岫政务中心', '北京石岫政务服务中心', 'government', '北京', '石景山区', 1, 'gold', 'north.bj'],
  ['maili', '麦巷便利', '北京麦巷便利连锁有限公司', 'retail', '北京', '丰台区', 3, 'basic', 'north.bj'],
  ['huihe.bj', '回澜护理院', '北京回澜护理院', 'hospital', '北京', '昌平区', 1, 'basic', 'north.bj'],
  ['jinlan', '津岚医院', '天津津岚医院', 'hospital', '天津', '南开区', 2, 'gold', 'north.tj'],
  ['haituo', '海桓港机', '天津海桓港机有限公司', 'factory', '天津', '滨海新区', 2, 'standard', 'north.tj'],
  ['hepingli', '津和里百货', '天津津和里百货有限公司', 'retail', '天津', '和平区', 2, 'basic', 'north.tj'],
  ['yanhe', '燕岫医院', '石家庄燕岫医院', 'hospital', '石家庄', '长安区', 1, 'standard', 'north.tj'],
  ['jichuan', '冀珩制药', '石家庄冀珩制药有限公司', 'factory', '石家庄', '裕华区', 2, 'standard', 'north.tj'],
  ['quanlan', '泉岑医院', '济南泉岑医院', 'hospital', '济南', '历下区', 2, 'gold', 'north.jn'],
  ['qihe', '齐砚学院', '济南齐砚职业学院', 'school', '济南', '历城区', 1, 'standard', 'north.jn'],
  ['daichuan', '岱铄重工', '济南岱铄重工有限公司', 'factory', '济南', '槐荫区', 2, 'standard', 'north.jn'],
  ['zhulan', '珠岫医院', '广州珠岫医院', 'hospital', '广州', '天河区', 2, 'gold', 'south.gf'],
  ['buhe', '埔珩电子', '广州埔珩电子有限公司', 'factory', '广州', '黄埔区', 2, 'standard', 'south.gf'],
  ['yuewei', '粤灶坊', '广州粤灶坊餐饮连锁有限公司', 'retail', '广州', '越秀区', 4, 'basic', 'south.gf'],
  ['panhe', '番砚学校', '广州番砚实验学校', 'school', '广州', '番禺区', 1, 'standard', 'south.gf'],
  ['chanhe', '禅怀医院', '佛山禅怀医院', 'hospital', '佛山', '禅城区', 1, 'standard', 'south.gf'],
  ['shuntuo', '顺桁家电', '佛山顺桁家电有限公司', 'factory', '佛山', '顺德区', 2, 'gold', 'south.gf'],
  ['penglan', '鹏岑医院', '深圳鹏岑医院', 'hospital', '深圳', '南山区', 2, 'gold', 'south.sd'],
  ['qianbo', '前桓科技', '深圳前桓科技有限公司', 'factory', '深圳', '宝安区', 2, 'standard', 'south.sd'],
  ['lianhe', '莲隅物业', '深圳莲隅物业服务有限公司', 'property', '深圳', '福田区', 2, 'standard', 'south.sd'],
  ['guantuo', '莞铄模具', '东莞莞铄模具有限公司', 'factory', '东莞', '长安镇', 2, 'basic', 'south.sd'],
  ['lulan', '鹭砚学校', '厦门鹭砚外国语学校', 'school', '厦门', '思明区', 2, 'standard', 'south.xm'],
]

const SITE_NAMES: Record<Industry, readonly string[]> = {
  hospital: ['本部', '东院区', '门诊部', '健康管理中心'],
  school: ['主校区', '北校区', '附属幼儿园', '实训基地'],
  factory: ['一厂', '二厂', '成品物流中心', '研发楼'],
  property: ['一期', '二期', '总部楼', '地下车库管理处'],
  retail: ['总部及中央仓', '旗舰店', '二店', '三店'],
  government: ['政务大厅', '档案中心', '便民服务点', '数据机房'],
}

type PlaceKind = 'floor' | 'office' | 'room'
type Setting = Industry | 'clinic'

/** Where people are served or work, where the offices are, where the machines hum. */
const PLACES: Record<Setting, Record<PlaceKind, readonly string[]>> = {
  hospital: {
    floor: [
      '门诊楼一层收费处',
      '住院部三层护士站',
      '检验科',
      '放射科登记台',
      '药房',
      '急诊分诊台',
      '住院结算处',
      '儿科候诊区',
    ],
    office: ['医务处', '医保办', '病案室', '财务科'],
    room: ['信息科机房', '门诊楼弱电间', '住院部二层弱电间'],
  },
  clinic: {
    floor: ['前台', '候诊区', '影像室', '二号诊室', '收费台'],
    office: ['主任办公室', '客服区'],
    room: ['弱电间'],
  },
  school: {
    floor: ['图书馆借阅台', '东校门', '第二食堂', '教学楼 B 座', '实训楼 305', '学生公寓 4 号楼', '体育馆入口'],
    office: ['教务处', '行政楼二层', '财务处', '校长办公室'],
    room: ['信息中心机房', '教学楼弱电间'],
  },
  factory: {
    floor: [
      '一号车间 SMT 线',
      '成品仓发货口',
      '质检室',
      '三号门岗',
      '包装线 2 号工位',
      '原料仓收货区',
      '总装线 5 号工位',
    ],
    office: ['财务部', '采购部', '计划科', '人事行政部'],
    room: ['中控机房', '车间弱电间'],
  },
  property: {
    floor: ['B1 停车场入口', '一层大堂', '18 层租户前台', '地库收费亭', '货梯厅', '北门岗亭'],
    office: ['物业服务中心', '招商部', '工程部'],
    room: ['弱电间', '消控室'],
  },
  retail: {
    floor: ['收银台 2 号', '后仓收货区', '中央仓分拣区', '入口客流闸', '称重台', '服务台'],
    office: ['店长办公室', '总部财务室'],
    room: ['弱电箱', '总部机房'],
  },
  government: {
    floor: ['综合窗口 5 号', '取号区', '自助服务区', '婚姻登记区', '二层审批窗口'],
    office: ['审批科', '档案室', '办公室'],
    room: ['中心机房', '二层弱电间'],
  },
}

/** Customers that are clinics rather than hospitals. */
const CLINICS: ReadonlySet<string> = new Set(['anze', 'yizhou'])

const IN_ROOM: ReadonlySet<AssetKey> = new Set(['server', 'storage', 'firewall', 'switch'])
const OFFICE_SKILLS: ReadonlySet<SkillKey> = new Set([
  'oa',
  'finance',
  'supply',
  'esign',
  'sso',
  'insurance',
  'emr',
  'database',
])

/** A place in the customer's house where such equipment stands or such trouble shows. */
export function placeFor(
  rng: Rng,
  customer: Pick<StoryCustomer, 'key' | 'industry'>,
  about: { asset?: AssetKey | null; skill?: SkillKey },
): string {
  const kind: PlaceKind =
    about.asset != null
      ? IN_ROOM.has(about.asset)
        ? 'room'
        : 'floor'
      : about.skill && OFFICE_SKILLS.has(about.skill)
        ? 'office'
        : 'floor'
  return rng.pick(PLACES[CLINICS.has(customer.key) ? 'clinic' : customer.industry][kind])
}

export type AssetKey =
  | 'server'
  | 'storage'
  | 'switch'
  | 'ap'
  | 'firewall'
  | 'cardController'
  | 'gate'
  | 'printer'
  | 'labelPrinter'
  | 'kiosk'
  | 'queue'
  | 'screen'
  | 'pos'
  | 'pda'
  | 'workstation'

export const ASSET_KINDS: Readonly<
  Record<AssetKey, { name: string; models: readonly string[]; skill: SkillKey; prefix: string }>
> = {
  server: { name: '机架服务器', models: ['XH-R2208', 'XH-R4412'], skill: 'server', prefix: 'SR' },
  storage: { name: '备份一体机', models: ['XH-BK60', 'XH-BK120'], skill: 'backup', prefix: 'BK' },
  switch: { name: '接入交换机', models: ['NS5328-24P', 'NS5352-48P'], skill: 'network', prefix: 'SW' },
  ap: { name: '无线接入点', models: ['WA620', 'WA650E'], skill: 'wifi', prefix: 'AP' },
  firewall: { name: '边界防火墙', models: ['FG-810', 'FG-1600'], skill: 'firewall', prefix: 'FW' },
  cardController: { name: '门禁控制器', models: ['AC-204', 'AC-408'], skill: 'card', prefix: 'AC' },
  gate: { name: '人脸闸机', models: ['FT-200', 'FT-310S'], skill: 'gate', prefix: 'FT' },
  printer: { name: '激光打印机', models: ['LP-3320dn', 'LP-5050'], skill: 'print', prefix: 'LP' },
  labelPrinter: { name: '条码打印机', models: ['BP-244', 'BP-300i'], skill: 'print', prefix: 'BP' },
  kiosk: { name: '自助服务机', models: ['KS-21', 'KS-32Pro'], skill: 'kiosk', prefix: 'KS' },
  queue: { name: '叫号主机', models: ['QM-100', 'QM-160'], skill: 'meeting', prefix: 'QM' },
  screen: { name: '会议一体屏', models: ['MB-75', 'MB-86'], skill: 'meeting', prefix: 'MB' },
  pos: { name: '收银终端', models: ['PT-15D', 'PT-15S'], skill: 'finance', prefix: 'PT' },
  pda: { name: '手持终端', models: ['HT-55', 'HT-70'], skill: 'mobile', prefix: 'HT' },
  workstation: { name: '产线工位终端', models: ['WS-1102', 'WS-1105'], skill: 'mes', prefix: 'WS' },
}

const INDUSTRY_ASSETS: Record<Industry, readonly AssetKey[]> = {
  hospital: [
    'server',
    'storage',
    'switch',
    'kiosk',
    'kiosk',
    'queue',
    'printer',
    'labelPrinter',
    'cardController',
    'pda',
  ],
  school: ['server', 'switch', 'ap', 'ap', 'gate', 'cardController', 'screen', 'printer'],
  factory: [
    'server',
    'switch',
    'workstation',
    'workstation',
    'labelPrinter',
    'pda',
    'gate',
    'cardController',
    'firewall',
  ],
  property: ['switch', 'gate', 'gate', 'cardController', 'ap', 'screen', 'firewall'],
  retail: ['pos', 'pos', 'switch', 'labelPrinter', 'ap', 'pda'],
  government: ['server', 'storage', 'kiosk', 'kiosk', 'queue', 'firewall', 'printer', 'screen'],
}

const CONTACT_TITLES: Record<Industry, readonly string[]> = {
  hospital: ['信息科主任', '信息科工程师', '门诊部护士长', '设备科老师'],
  school: ['信息中心主任', '网管老师', '教务处老师', '后勤处主任'],
  factory: ['IT 经理', 'IT 主管', '生产主管', '行政主管'],
  property: ['工程部经理', '弱电主管', '物业经理', '客服主管'],
  retail: ['信息部经理', '店长', '仓库主管', '财务主管'],
  government: ['信息科科长', '信息科科员', '窗口负责人', '办公室主任'],
}

const SURNAMES =
  '王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向汤'
const GIVEN = {
  female:
    '丽华 秀英 敏 静 雪梅 慧 婷 玉兰 晓红 文娟 佩 佳 思雨 丹 春燕 海燕 莉 琳 颖 雯 倩 芳 素珍 月 彩霞 晓彤 文静 瑞雪 诗涵 可欣'.split(
      ' ',
    ),
  male: '建国 志强 伟 军 磊 海涛 勇 明 俊杰 鹏 浩 志刚 斌 立新 国栋 文斌 晓峰 卫东 振华 少杰 宏 凯 宇航 博 一鸣 家辉 学文 永康 嘉诚 洪涛'.split(
    ' ',
  ),
}

const ENTRY_NOTES: Record<Industry, readonly string[]> = {
  hospital: [
    '在南门安保处登记换证，机房需信息科陪同',
    '进病区穿鞋套，避开 10:00–11:00 查房',
    '门诊区域施工安排在 11:30 后或 17:00 后',
  ],
  school: ['凭身份证在门卫登记，上课时间教学楼内不得施工', '提前报车牌，走北门', '周一升旗 8:00–8:40 不放行'],
  factory: [
    '进车间穿防静电服和劳保鞋，工具需登记',
    '三号门岗换证，手机贴摄像头封条',
    '停线窗口 12:00–13:00，需生产主管签字',
  ],
  property: ['施工需提前办理出入证，货梯走 B1', '到物业服务中心领临时卡', '营业区域施工安排在 10:00 前'],
  retail: ['营业高峰 11:30–13:00 避开收银台', '从员工通道进店，找当班店长', '中央仓需穿反光背心'],
  government: [
    '凭身份证和介绍信登记，工作日 9:00–17:00 对外服务',
    '窗口设备在 11:30–13:30 午休时处理',
    '机房双人进出，登记操作内容',
  ],
}

type Target = {
  priority: StoryPriority
  calendar: 'always' | 'site_hours'
  responseMin: number
  arrivalMin: number
  resolveMin: number
}
const SLA: Record<Tier, readonly Target[]> = {
  gold: [
    { priority: 'urgent', calendar: 'always', responseMin: 15, arrivalMin: 180, resolveMin: 480 },
    { priority: 'high', calendar: 'site_hours', responseMin: 30, arrivalMin: 480, resolveMin: 960 },
    { priority: 'normal', calendar: 'site_hours', responseMin: 60, arrivalMin: 1440, resolveMin: 2400 },
    { priority: 'low', calendar: 'site_hours', responseMin: 240, arrivalMin: 2880, resolveMin: 4800 },
  ],
  standard: [
    { priority: 'urgent', calendar: 'always', responseMin: 30, arrivalMin: 240, resolveMin: 1440 },
    { priority: 'high', calendar: 'site_hours', responseMin: 60, arrivalMin: 720, resolveMin: 1440 },
    { priority: 'normal', calendar: 'site_hours', responseMin: 120, arrivalMin: 2160, resolveMin: 3600 },
    { priority: 'low', calendar: 'site_hours', responseMin: 480, arrivalMin: 3600, resolveMin: 6000 },
  ],
  basic: [
    { priority: 'urgent', calendar: 'site_hours', responseMin: 60, arrivalMin: 480, resolveMin: 960 },
    { priority: 'high', calendar: 'site_hours', responseMin: 120, arrivalMin: 960, resolveMin: 1920 },
    { priority: 'normal', calendar: 'site_hours', responseMin: 240, arrivalMin: 2880, resolveMin: 4320 },
    { priority: 'low', calendar: 'site_hours', responseMin: 480, arrivalMin: 4800, resolveMin: 7200 },
  ],
}
/** Planned work is agreed days ahead: it is answered as fast, and reached and done in its own time. */
const PLANNED = { arrivalMin: 7200, resolveMin: 9600 }

const TIERS: Record<
  Tier,
  { name: string; entitlement: string; visits: number | null; personDays: number; base: number }
> = {
  gold: {
    name: '金牌运维服务',
    entitlement: '7×24 小时响应，不限次上门，每月一次巡检，含备件先行',
    visits: null,
    personDays: 240,
    base: 68,
  },
  standard: {
    name: '标准运维服务',
    entitlement: '5×8 小时响应，每年 120 次上门，每季度一次巡检',
    visits: 120,
    personDays: 120,
    base: 32,
  },
  basic: {
    name: '基础运维服务',
    entitlement: '5×8 小时响应，每年 48 次上门，远程支持不限次',
    visits: 48,
    personDays: 48,
    base: 12,
  },
}

const ACCESS_HOURS: Record<Industry, readonly [days: readonly number[], from: number, to: number]> = {
  hospital: [[0, 1, 2, 3, 4, 5, 6], clock(7, 30), clock(20)],
  school: [[1, 2, 3, 4, 5, 6], clock(7, 30), clock(18)],
  factory: [[1, 2, 3, 4, 5, 6], clock(8), clock(20)],
  property: [[0, 1, 2, 3, 4, 5, 6], clock(8), clock(21)],
  retail: [[0, 1, 2, 3, 4, 5, 6], clock(8), clock(21)],
  government: [[1, 2, 3, 4, 5], clock(8, 30), clock(17, 30)],
}

const INDUSTRY_WEIGHT: Record<Industry, number> = {
  hospital: 5,
  factory: 3,
  government: 2.5,
  school: 2.2,
  property: 2,
  retail: 1.6,
}

/** The company's customers with their sites, contacts, equipment and contracts. */
export function tellCustomers(seed: string, now: number, company: StoryCompany): StoryCustomers {
  const today = dateOf(now)
  const customers: StoryCustomer[] = []
  const sites: StorySite[] = []
  const contacts: StoryContact[] = []
  const assets: StoryAsset[] = []
  const contracts: StoryContract[] = []
  let phones = 400

  for (const [index, [key, shortName, name, industry, city, district, siteCount, tier, teamKey]] of ROWS.entries()) {
    const rng = new Rng(`${seed}/customer/${key}`)
    const team = company.teams.find((t) => t.key === teamKey)!
    const customer: StoryCustomer = {
      id: idFor(seed, 'customer', key),
      key,
      number: `KH${String(index + 1).padStart(4, '0')}`,
      name,
      shortName,
      industry,
      city,
      regionKey: team.regionKey!,
      teamKey,
      teamId: team.id,
      tier,
      since: addDays(today, -rng.int(400, 2600)),
      weight: INDUSTRY_WEIGHT[industry] * { gold: 1.5, standard: 1, basic: 0.7 }[tier] * (0.7 + 0.3 * siteCount),
    }
    customers.push(customer)

    for (const [n, street] of sitesStreets(rng, city, district, industry, siteCount).entries()) {
      const siteKey = `${key}/${n}`
      const siteRng = rng.fork(`site/${n}`)
      const gcj02 = near(siteRng, street, 480)
      // The engineers themselves surveyed every fourth site with a phone, which answers in WGS-84.
      const surveyed = (index + n) % 4 === 3
      const site: StorySite = {
        id: idFor(seed, 'site', siteKey),
        customerId: customer.id,
        name: siteName(industry, n, street, siteCount, CLINICS.has(key)),
        address: addressOf(street, `${siteRng.int(18, 1680)}号`),
        province: CITIES[city].province,
        city,
        district: street.district,
        street: street.street,
        point: surveyed
          ? { ...gcj02ToWgs84(gcj02), datum: 'wgs84', source: 'field_survey' }
          : { ...gcj02, datum: 'gcj02', source: 'map_pick' },
        gcj02,
        radiusM: { hospital: 250, school: 350, factory: 400, property: 200, retail: 120, government: 150 }[industry],
        zone: 'Asia/Shanghai',
        ...accessOf(siteRng, industry, tier, n),
        isMain: n === 0,
      }
      sites.push(site)

      const people = n === 0 ? 2 : 1
      for (let c = 0; c < people; c++) {
        const gender = siteRng.chance(0.5) ? 'female' : 'male'
        contacts.push({
          id: idFor(seed, 'contact', `${siteKey}/${c}`),
          customerId: customer.id,
          siteId: site.id,
          name: siteRng.pick([...SURNAMES]) + siteRng.pick(GIVEN[gender]),
          gender,
          title: CONTACT_TITLES[industry][n === 0 ? c : siteRng.int(1, 3)]!,
          phone: fictitiousMobile(phones++),
          main: n === 0 && c === 0,
        })
      }

      const kinds = n === 0 ? INDUSTRY_ASSETS[industry] : siteRng.sample(INDUSTRY_ASSETS[industry], 4)
      for (const [a, assetKey] of kinds.entries()) {
        const kind = ASSET_KINDS[assetKey]
        const installedOn = addDays(today, -siteRng.int(60, 1900))
        assets.push({
          id: idFor(seed, 'asset', `${siteKey}/${a}`),
          customerId: customer.id,
          siteId: site.id,
          key: assetKey,
          name: kind.name,
          model: siteRng.pick(kind.models),
          serial: `${kind.prefix}${installedOn.slice(2, 4)}${installedOn.slice(5, 7)}${siteRng.int(0, 0xfffff).toString(16).toUpperCase().padStart(5, '0')}${String(index).padStart(2, '0')}${n}${a}`,
          place: placeFor(siteRng, customer, { asset: assetKey }),
          installedOn,
          warrantyUntil: addDays(installedOn, 365 * 3),
        })
      }
    }

    contracts.push(maintenance(seed, rng, customer, today, siteCount))
  }
  return { customers, sites, contacts, assets, contracts }
}

/** The first site stands in the customer's district, the others in other streets of the city. */
function sitesStreets(rng: Rng, city: CityName, district: string, industry: Industry, count: number): Street[] {
  const first = rng.pick(streetsOf(city, district))
  const others = rng.shuffle(streetsOf(city).filter((s) => s !== first))
  // A factory's or a school's second ground lies elsewhere; a mall's second phase is next door.
  const spread = industry === 'property' ? [first, ...others] : others
  return [first, ...Array.from({ length: count - 1 }, (_, i) => spread[i % spread.length]!)]
}

function siteName(industry: Industry, n: number, street: Street, count: number, clinic: boolean): string {
  if (clinic) return n === 0 ? '总院' : `${street.street}门诊`
  if (count === 1) return SITE_NAMES[industry][0]!
  if (industry === 'retail' && n > 0) return `${street.street.replace(/(大道|大街|路|街)[东西南北]?$/, '')}店`
  return SITE_NAMES[industry][n]!
}

function accessOf(rng: Rng, industry: Industry, tier: Tier, n: number): Pick<StorySite, 'accessHours' | 'entryNeeds'> {
  const [days, from, to] = ACCESS_HOURS[industry]
  const strict = industry === 'factory' || industry === 'government' || (industry === 'hospital' && n === 0)
  const asksPaper = tier === 'gold' && n === 0
  return {
    accessHours: [1, 2, 3, 4, 5, 6, 0].map((weekday) => (days.includes(weekday) ? [[from, to] as const] : [])),
    entryNeeds: {
      leadHours: strict ? rng.pick([2, 4, 24]) : 0,
      namedPersons: strict,
      equipmentList: industry === 'factory',
      certificates:
        asksPaper && industry === 'hospital'
          ? ['hospital_entry']
          : asksPaper && industry === 'factory'
            ? ['low_voltage']
            : [],
      // Papers are looked at, but the door has opened for a colleague with a phone call before.
      blocks: false,
      note: rng.pick(ENTRY_NOTES[industry]),
    },
  }
}

function maintenance(seed: string, rng: Rng, customer: StoryCustomer, today: LocalDate, sites: number): StoryContract {
  const tier = TIERS[customer.tier]
  // Two contracts are about to end: somebody has to renew them.
  const left = customer.key === 'linlan' ? 21 : customer.key === 'wuting' ? 38 : rng.int(60, 520)
  const startsOn = addDays(today, left - 730)
  const amountFen = (tier.base + sites * rng.int(4, 9)) * 1_000_000
  return {
    id: idFor(seed, 'contract', customer.key),
    customerId: customer.id,
    number: `XH-YW-${startsOn.slice(0, 4)}-${customer.number.slice(2)}`,
    title: `${customer.shortName}${tier.name}合同`,
    startsOn,
    endsOn: addDays(today, left),
    entitlement: tier.entitlement,
    visitsAllowed: tier.visits === null ? null : tier.visits * sites,
    personDaysAllowed: tier.personDays,
    amountFen,
    sla: SLA[customer.tier].flatMap(({ priority, ...targets }): StorySlaLine[] => [
      {
        id: idFor(seed, 'sla', `${customer.key}/${priority}/repair`),
        priority,
        type: 'repair',
        targets: { ...targets, takeupMin: 15 },
      },
      {
        id: idFor(seed, 'sla', `${customer.key}/${priority}`),
        priority,
        type: null,
        targets: { ...targets, ...PLANNED, calendar: 'site_hours', takeupMin: 15 },
      },
    ]),
    deemAfterDays: customer.industry === 'government' ? null : rng.pick([null, 7, 7, 10]),
    penalty:
      customer.tier === 'gold'
        ? '紧急工单未按时到场的，每次按当年服务费的 0.5% 扣减，全年累计不超过 5%。'
        : '响应超时每次扣减当季服务费的 0.2%。',
    paymentNodes: paymentNodes(amountFen, [
      ['合同签订', 50, addDays(startsOn, 15)],
      ['服务满一年', 30, addDays(startsOn, 365)],
      ['服务期满验收', 20, addDays(today, left + 15)],
    ]),
  }
}

function gcj02ToWgs84(point: { lat: number; lng: number }): { lat: number; lng: number } {
  const { lat, lng } = toDatum({ ...point, datum: 'gcj02' }, 'wgs84')
  return { lat: Math.round(lat * 1e6) / 1e6, lng: Math.round(lng * 1e6) / 1e6 }
}
