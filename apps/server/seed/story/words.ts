// What customers ask for and what colleagues say, put together from parts that people really write. Nothing here is a
// sentence of the product: it is the text that its users typed.

import type { AssetKey, Industry, StoryOrderType } from './customers'
import type { SkillKey } from './people'
import type { Rng } from './rng'

/** A kind of work: what is asked, what it needs, how long it takes. */
export interface Topic {
  type: StoryOrderType
  skill: SkillKey
  level: number
  industries: readonly Industry[] | 'all'
  /** The equipment it is about; absent for software and people. */
  asset?: AssetKey
  title: string
  /** What is wrong or wanted, one of them. */
  asks: readonly string[]
  durationMin: number
  /** Share that is solved remotely. */
  remote: number
  weight: number
  crew?: number
  /** More at the end of the month. */
  monthEnd?: boolean
  fixes: readonly string[]
}

const repair = (
  asset: AssetKey | undefined,
  skill: SkillKey,
  industries: Topic['industries'],
  title: string,
  weight: number,
  durationMin: number,
  remote: number,
  asks: readonly string[],
  fixes: readonly string[],
  more: Partial<Topic> = {},
): Topic => ({
  type: 'repair',
  skill,
  level: 2,
  industries,
  asset,
  title,
  asks,
  durationMin,
  remote,
  weight,
  fixes,
  ...more,
})

export const TOPICS: readonly Topic[] = [
  repair(
    'kiosk',
    'kiosk',
    ['hospital', 'government'],
    '自助机故障',
    11,
    75,
    0.12,
    [
      '自助机打不出凭条，屏幕提示缺纸，但纸是刚换的',
      '自助机读卡没反应，身份证和医保卡都试过',
      '自助机屏幕点不动，重启后能用十来分钟又卡住',
      '自助机开机停在启动画面，断电再开也一样',
      '自助机扫码支付成功但没有出票，今天已经有 3 个人来问',
      '有一台自助机一直显示「网络连接中」，旁边那台正常',
    ],
    ['更换打印机芯并清洁传感器', '重刷读卡模块固件', '更换触摸屏排线', '修复系统引导并做镜像备份', '更新支付回调地址'],
  ),
  repair(
    'printer',
    'print',
    'all',
    '打印机故障',
    8,
    55,
    0.2,
    [
      '打印机卡纸，拉出来以后一直报 13 号错误',
      '打印出来有一条黑线，换过硒鼓还是有',
      '电脑能看到打印机，点打印没有任何反应',
      '打印机脱机，重新插网线也连不上',
      '双面打印第二面是倒的，昨天更新系统之后开始的',
    ],
    ['更换搓纸轮', '清洁定影组件', '重装驱动并固定打印机地址', '更换网口'],
  ),
  repair(
    'labelPrinter',
    'print',
    ['hospital', 'factory', 'retail'],
    '条码打印异常',
    6,
    60,
    0.15,
    [
      '条码打印机打出来偏左，扫码枪扫不出',
      '腕带打印模糊，护士反映扫描失败率很高',
      '标签打一张空一张，校准过两次',
      '换了新批次标签纸以后走纸不准',
      '打印到一半停住，灯一直闪红',
    ],
    ['更换打印头并重新校准', '调整走纸传感器', '修正标签模板尺寸', '更换碳带张力弹簧'],
  ),
  repair(
    'cardController',
    'card',
    ['hospital', 'school', 'factory', 'property'],
    '门禁故障',
    8,
    80,
    0.08,
    [
      '刷卡没反应，门一直是锁着的，现在只能用钥匙',
      '门刷卡以后「滴」一声但不开锁',
      '新发的卡全部提示无权限，老卡正常',
      '门禁记录这两天是空的，保卫处要调记录调不到',
      '电磁锁吸不住，门一推就开',
      '门禁时间慢了四十多分钟，考勤对不上',
    ],
    ['更换门禁控制器电源', '重新下发权限名单', '更换电磁锁', '恢复控制器与服务器的校时', '重做读头接线'],
  ),
  repair(
    'gate',
    'gate',
    ['school', 'factory', 'property'],
    '闸机故障',
    7,
    85,
    0.05,
    [
      '闸机识别很慢，早高峰排队到门外了',
      '闸机有一个通道摆臂不回位，只好敞着',
      '人脸识别经常认错人，昨天把同事认成了别人',
      '访客二维码扫不开，手机上显示有效',
      '闸机断电后恢复不了，指示灯全灭',
    ],
    ['清洁镜头并重采底库', '更换摆臂电机', '升级识别固件', '更换开关电源', '修复访客接口证书'],
  ),
  repair(
    'switch',
    'network',
    'all',
    '网络中断',
    9,
    95,
    0.15,
    [
      '整个区域断网，收费和开单都停了',
      '网络时断时续，大概十分钟掉一次',
      '交换机有一半端口灯不亮',
      '新搬过来的几台电脑拿不到 IP',
      '内网访问特别慢，打开一个页面要半分钟',
      '有人私接路由器，整层楼地址冲突',
    ],
    ['更换故障交换机并恢复配置', '处理环路并开启保护', '更换光模块', '清理地址冲突并绑定端口'],
    { level: 3 },
  ),
  repair(
    'ap',
    'wifi',
    ['school', 'property', 'retail', 'hospital'],
    '无线网络异常',
    5,
    70,
    0.2,
    [
      '无线信号满格但上不了网，换手机也一样',
      'PDA 走到走廊尽头就掉线',
      '无线认证页面弹不出来',
      '会议室人一多就连不上无线',
    ],
    ['调整信道和功率', '更换无线接入点', '修复认证重定向', '补装一台接入点'],
  ),
  repair(
    'server',
    'server',
    ['hospital', 'school', 'factory', 'government'],
    '服务器告警',
    5,
    120,
    0.15,
    [
      '服务器硬盘亮黄灯，系统还能用，请尽快看一下',
      '服务器凌晨自动重启了两次，日志看不懂',
      '业务系统打不开，远程桌面也连不上服务器',
      '服务器风扇声音特别大，机房温度正常',
      '磁盘空间只剩 3%，数据库提示无法写入',
    ],
    ['更换故障硬盘并完成重建', '更换电源模块', '清理日志并扩容磁盘', '更换风扇模组'],
    { level: 3 },
  ),
  repair(
    'storage',
    'backup',
    ['hospital', 'government'],
    '备份失败',
    3,
    90,
    0.4,
    ['备份连续三天失败，提示目标空间不足', '备份任务显示成功，但恢复演练时文件打不开', '备份机提示许可证到期'],
    ['清理过期副本并调整保留策略', '修复备份链并完成恢复演练', '更新许可证'],
  ),
  repair(
    'queue',
    'meeting',
    ['hospital', 'government'],
    '叫号系统故障',
    5,
    65,
    0.1,
    [
      '叫号屏黑屏，喇叭还在叫',
      '叫号叫的是别的诊室的号',
      '取号机取的号和大屏对不上，窗口都乱了',
      '叫号声音断断续续，老人听不清',
    ],
    ['更换显示屏控制板', '修正诊室与队列的对应', '更换功放', '修复叫号服务自启动'],
  ),
  repair(
    'screen',
    'meeting',
    ['school', 'property', 'government'],
    '会议屏故障',
    3,
    60,
    0.15,
    ['会议室大屏投不上，上午十点有会', '大屏触控偏移，写字差两厘米', '视频会议没有声音，对方能听到我们'],
    ['更换投屏模块', '校准触控', '更换音频线并调整输入源'],
  ),
  repair(
    'pos',
    'finance',
    ['retail'],
    '收银终端故障',
    7,
    60,
    0.25,
    [
      '收银机开机蓝屏，现在只剩一台在收',
      '收银机扫码枪不灵，一个商品要扫好几次',
      '收银小票打印时间不对，差了一天',
      '会员积分查不到，顾客有意见',
      '钱箱弹不开，手动开的',
    ],
    ['更换固态硬盘并恢复收银系统', '更换扫码枪', '修复会员接口', '更换钱箱继电器'],
  ),
  repair(
    'pda',
    'mobile',
    ['factory', 'retail', 'hospital'],
    '手持终端异常',
    5,
    55,
    0.3,
    [
      'PDA 扫码后一直转圈，数据没上去',
      'PDA 登录提示账号在别处登录',
      '移动护理 PDA 掉线频繁，床旁执行录不上',
      'PDA 升级后打不开，点图标闪退',
    ],
    ['重装移动端并清理缓存', '修复消息推送证书', '更换电池和天线', '回退到上一版本'],
  ),
  repair(
    'workstation',
    'mes',
    ['factory'],
    '工位终端故障',
    8,
    80,
    0.12,
    [
      '工位终端扫不上料，产线停了',
      '报工数量和实际对不上，差了两百多件',
      '工位屏幕白屏，班组长在催',
      '质检数据没有带到下一道工序',
      '工单下发不到 2 号线，其他线正常',
    ],
    ['更换工位终端主板', '修复报工接口的重复提交', '重新绑定工位与产线', '调整消息队列'],
    { level: 3 },
  ),
  repair(
    'firewall',
    'firewall',
    ['factory', 'property', 'government'],
    '边界安全异常',
    2,
    85,
    0.35,
    ['外网访问不了业务系统，内网正常', '防火墙 CPU 一直在 95% 以上', 'VPN 拨不上，出差同事都连不进来'],
    ['调整策略并封禁异常地址', '更新 VPN 证书', '升级固件'],
    { level: 3 },
  ),
  repair(
    undefined,
    'his',
    ['hospital'],
    'HIS 接口异常',
    10,
    90,
    0.45,
    [
      'HIS 收费后费用没有传到自助机，病人查不到账单',
      '检验申请发出去没有回执，检验科收不到',
      '挂号成功但排班里没有，分诊台在手工登记',
      '住院押金充值后余额不更新，要等半个小时',
      '药房发药接口超时，窗口排了很长的队',
    ],
    ['修复接口超时重试', '补传漏单并核对账目', '重建消息通道', '修正字段映射'],
    { level: 3 },
  ),
  repair(
    undefined,
    'insurance',
    ['hospital'],
    '医保接口报错',
    6,
    85,
    0.5,
    [
      '医保结算报错 5001，病人只能先自费',
      '医保目录更新后有 20 多个药对不上',
      '异地医保读不出参保地',
      '月底医保对账差 3 笔，找不到原因',
    ],
    ['更新医保目录对照', '修复签到流程', '核对并补传结算记录'],
    { level: 3, monthEnd: true },
  ),
  repair(
    undefined,
    'lis',
    ['hospital'],
    'LIS 与 PACS 接口异常',
    5,
    80,
    0.4,
    ['检验结果没有回传，医生站看不到报告', 'PACS 影像调阅很慢，一张片子要等一分钟', '危急值没有弹窗，科里很紧张'],
    ['重启接口引擎并补传结果', '清理影像缓存', '修复危急值推送'],
    { level: 3 },
  ),
  repair(
    undefined,
    'emr',
    ['hospital'],
    '电子病历异常',
    4,
    75,
    0.5,
    ['电子病历保存后再打开是空的', '病历打印格式乱了，页眉叠在正文上', '三测单曲线不显示'],
    ['恢复病历副本并修复模板', '更新打印控件', '修正数据范围'],
  ),
  repair(
    undefined,
    'finance',
    ['factory', 'retail', 'school'],
    'ERP 财务问题',
    6,
    75,
    0.6,
    [
      '月结时凭证过不了账，提示期间未关闭',
      '应收账款余额和明细差 1,280 元',
      '报销单审批完没有生成凭证',
      '固定资产折旧跑了两遍，多提了一个月',
    ],
    ['修复结账检查项', '核对并冲销重复凭证', '补跑凭证接口', '调整折旧参数'],
    { monthEnd: true, level: 3 },
  ),
  repair(
    undefined,
    'supply',
    ['factory', 'retail'],
    'ERP 供应链问题',
    5,
    80,
    0.5,
    [
      '采购入库后库存没有增加',
      '盘点差异单提交不了，提示批次锁定',
      '出库单重复下推，仓库发了两次货',
      'MRP 跑完没有生成采购建议',
    ],
    ['修复入库接口', '解锁批次并补记差异', '增加下推校验', '调整 MRP 参数'],
    { monthEnd: true },
  ),
  repair(
    undefined,
    'oa',
    ['school', 'government', 'property'],
    'OA 流程问题',
    6,
    60,
    0.6,
    [
      '公文流程卡在部门会签，处理人显示为空',
      '请假单提交后看不到，领导那边也没有',
      '待办提醒昨天开始收不到了',
      '合同审批附件打不开，提示文件不存在',
    ],
    ['修复人员离职后的流程节点', '恢复附件存储挂载', '重启消息服务并补发待办'],
  ),
  repair(
    undefined,
    'esign',
    ['government', 'property', 'factory'],
    '电子签章异常',
    3,
    60,
    0.5,
    ['盖章后 PDF 打开提示签名无效', '印章图片显示不出来', '批量签章到一半报错，20 份只成功 7 份'],
    ['更新签章证书链', '恢复印章图片', '调整批量任务超时'],
  ),
  repair(
    undefined,
    'sso',
    ['school', 'factory', 'government'],
    '统一认证登录失败',
    3,
    55,
    0.65,
    ['统一登录后跳回登录页，反复几次都进不去', '改过密码以后 OA 能进，ERP 进不去', '新入职的 6 个人账号同步不过来'],
    ['修复会话域配置', '补同步组织和人员', '更新证书'],
  ),
  {
    type: 'install',
    skill: 'kiosk',
    level: 2,
    industries: ['hospital', 'government'],
    asset: 'kiosk',
    title: '自助机安装',
    asks: [
      '新到 2 台自助机需要安装调试，电源和网口已预留',
      '自助区扩容，请来装 3 台自助机并接入现有系统',
      '旧自助机移位，新位置需要重新布线和调试',
    ],
    durationMin: 210,
    remote: 0,
    weight: 4,
    crew: 2,
    fixes: ['完成上架、接线、系统部署和联调'],
  },
  {
    type: 'install',
    skill: 'server',
    level: 3,
    industries: ['hospital', 'school', 'factory', 'government'],
    asset: 'server',
    title: '服务器上架部署',
    asks: [
      '新服务器到货，需要上架、装系统、做阵列',
      '需要部署一套测试环境，和生产隔离',
      '备份服务器上架并接入备份策略',
    ],
    durationMin: 300,
    remote: 0,
    weight: 2.4,
    crew: 2,
    fixes: ['完成上架、阵列、系统和监控接入'],
  },
  {
    type: 'install',
    skill: 'card',
    level: 2,
    industries: ['hospital', 'school', 'factory', 'property'],
    asset: 'cardController',
    title: '门禁安装',
    asks: ['二层新增 4 个门禁点位，线已到位', '库房加装双门互锁门禁', '临时门改为刷卡门禁，需带读头和电锁'],
    durationMin: 180,
    remote: 0,
    weight: 3,
    fixes: ['完成点位安装、接线和权限下发'],
  },
  {
    type: 'install',
    skill: 'wifi',
    level: 2,
    industries: ['school', 'property', 'retail'],
    asset: 'ap',
    title: '无线覆盖',
    asks: ['新开区域需要无线覆盖，图纸已发', '补装 5 个无线接入点，吊顶内有线', '室外活动区需要一台室外无线'],
    durationMin: 180,
    remote: 0,
    weight: 2.5,
    fixes: ['完成安装、调优和覆盖测试'],
  },
  {
    type: 'install',
    skill: 'finance',
    level: 2,
    industries: ['retail'],
    asset: 'pos',
    title: '新店收银部署',
    asks: ['新店下周开业，需要部署 3 台收银和 1 台后台机', '老店翻新，收银线重做', '增加自助收银 2 台，接入现有会员'],
    durationMin: 200,
    remote: 0,
    weight: 3,
    fixes: ['完成收银、打印、支付和会员联调'],
  },
  {
    type: 'install',
    skill: 'mes',
    level: 3,
    industries: ['factory'],
    asset: 'workstation',
    title: '工位终端部署',
    asks: ['三条产线新增 12 个工位终端', '包装线改造，工位终端移位并调试', '新产线试产前要把工位终端全部联调完'],
    durationMin: 240,
    remote: 0,
    weight: 3.2,
    crew: 2,
    fixes: ['完成工位终端安装、绑定和报工联调'],
  },
  {
    type: 'inspect',
    skill: 'server',
    level: 2,
    industries: ['hospital', 'government', 'school', 'factory'],
    asset: 'server',
    title: '机房季度巡检',
    asks: ['本季度机房巡检，请提前一天联系', '请做一次机房巡检，重点看 UPS 和备份', '例行巡检，需出具巡检记录并签字'],
    durationMin: 120,
    remote: 0,
    weight: 6,
    fixes: ['完成巡检，提出 2 项整改建议'],
  },
  {
    type: 'inspect',
    skill: 'kiosk',
    level: 1,
    industries: ['hospital', 'government'],
    asset: 'kiosk',
    title: '自助设备月度巡检',
    asks: ['自助机月度巡检和清洁', '自助设备例行保养，含打印头和读卡器', '月底检查自助机运行情况并补耗材'],
    durationMin: 110,
    remote: 0,
    weight: 6,
    fixes: ['完成清洁、耗材更换和功能测试'],
  },
  {
    type: 'inspect',
    skill: 'network',
    level: 2,
    industries: ['property', 'retail', 'school'],
    asset: 'switch',
    title: '弱电间巡检',
    asks: ['弱电间例行巡检，顺便整理理线', '节前网络巡检，请看一下核心和汇聚', '巡检各楼层弱电间并更新端口表'],
    durationMin: 130,
    remote: 0,
    weight: 5,
    fixes: ['完成巡检并更新端口对应表'],
  },
  {
    type: 'train',
    skill: 'train',
    level: 2,
    industries: 'all',
    title: '操作培训',
    asks: [
      '新入职人员需要一次操作培训，约 15 人',
      '系统升级后请给窗口人员培训新功能',
      '给管理员做一次后台配置培训',
      '请培训夜班人员应急处理流程',
      '给财务和仓库一起讲一次月结流程',
    ],
    durationMin: 120,
    remote: 0.25,
    weight: 7,
    fixes: ['完成培训并答疑，签到表已归档'],
  },
  {
    type: 'upgrade',
    skill: 'his',
    level: 3,
    industries: ['hospital'],
    title: 'HIS 接口升级',
    asks: ['按通知升级 HIS 接口到新版，只能中午停机', '医保新规要求升级结算接口', '接口版本升级，请先在测试环境验证'],
    durationMin: 110,
    remote: 0.45,
    weight: 4,
    fixes: ['完成升级、回归和回退演练'],
  },
  {
    type: 'upgrade',
    skill: 'oa',
    level: 2,
    industries: ['school', 'government', 'property'],
    title: 'OA 版本升级',
    asks: ['OA 升级到新版，周末或晚上操作', '移动端改版，请升级并做兼容测试', '升级流程引擎，历史流程要能查'],
    durationMin: 100,
    remote: 0.55,
    weight: 3.5,
    fixes: ['完成升级，抽查 20 条历史流程正常'],
  },
  {
    type: 'upgrade',
    skill: 'database',
    level: 2,
    industries: ['hospital', 'factory', 'school', 'government'],
    asset: 'server',
    title: '数据库补丁升级',
    asks: ['按安全通报给数据库打补丁', '数据库小版本升级，需出具方案', '漏扫报告要求本月内完成数据库加固'],
    durationMin: 110,
    remote: 0.5,
    weight: 3.5,
    fixes: ['完成备份、补丁和性能对比'],
  },
  {
    type: 'survey',
    skill: 'survey',
    level: 1,
    industries: 'all',
    title: '需求调研',
    asks: [
      '准备做二期，请来调研现状',
      '想增加移动端审批，先来了解一下流程',
      '新院区信息化方案前期勘察',
      '想把老系统数据迁过来，请评估工作量',
      '了解各科室对报表的需求，约 6 个访谈',
    ],
    durationMin: 120,
    remote: 0.15,
    weight: 4,
    fixes: ['完成访谈，纪要已发客户确认'],
  },
]

const OPENINGS = {
  pressing: ['', '急，', '刚刚，', '您好，', '今天早上发现，', '请马上安排人：'],
  calm: ['', '', '您好，', '麻烦看一下：', '老师好，', '请安排工程师，', '昨天开始，', '反馈一个问题：', '这两天，'],
  planned: ['', '', '您好，', '按计划，', '请安排：', '配合合同要求，'],
} as const
const EFFECTS: Record<Industry, readonly string[]> = {
  hospital: [
    '病人排队比较多',
    '门诊高峰影响很大',
    '护士现在手工登记',
    '暂时用备机顶着',
    '科主任在催',
    '目前不影响看病',
    '已经贴了告示',
  ],
  school: ['明天有公开课要用', '学生在排队', '老师们反映比较集中', '暂时不影响上课', '家长会之前要弄好', '教务处在等'],
  factory: ['产线在等', '影响今天的发货', '夜班会受影响', '目前手工记录', '生产经理已经知道', '暂时绕过去了'],
  property: ['租户投诉了', '保安现在人工放行', '今晚有活动', '暂时不影响进出', '业主群里在问', '领导要求今天有说法'],
  retail: ['影响收银', '周末客流大，希望周五前弄好', '仓库在等数据', '先用手工小票', '区域经理在店里', '目前能凑合用'],
  government: ['群众在窗口等', '影响今天办件', '领导要看结果', '先引导到旁边窗口', '下午有检查', '不影响主要业务'],
}
const HARMLESS: Record<Industry, readonly string[]> = {
  hospital: ['目前不影响看病', '科室先手工登记', '已经贴了告示'],
  school: ['暂时不影响上课', '先让老师们用隔壁的'],
  factory: ['暂时绕过去了', '目前手工记录'],
  property: ['暂时不影响进出', '保安先人工登记'],
  retail: ['目前能凑合用', '先用手工小票'],
  government: ['不影响主要业务', '先引导到旁边窗口'],
}
const WISHES = {
  pressing: [
    '请尽快安排',
    '最好今天能来',
    '来之前打个电话',
    '到了联系我，我带进去',
    '请带上备件',
    '越快越好',
    '麻烦先远程看一下，不行再来人',
    '',
  ],
  calm: [
    '明天上午方便',
    '下午两点以后都可以',
    '来之前打个电话',
    '尽量避开高峰',
    '本周内处理即可',
    '时间你们定，提前说一声',
    '需要提前报人员名单',
    '麻烦了',
    '',
  ],
} as const
const NOTES = ['（客户来电，已复述确认）', '（微信转来，附一张照片）', '（登记联系人本人来电）', '（邮件转来）']
const PRESSING_NOTES = [...NOTES, '（客户比较急，注意沟通）']
/** Words of somebody who cannot wait; a calm request does not use them. */
const STOPPED = /停了|停住|排到|很长|只能|上午十点|在催|紧张|只剩一台|都乱了/

const trimmed = (text: string) => text.replace(/，。/g, '。').replace(/。。/g, '。')

/** The customer's words: where, what, what it means for them, when. */
export function requestText(
  rng: Rng,
  topic: Topic,
  industry: Industry,
  pressing: boolean,
  place: string,
  assetLine: string | null,
): string {
  const repairing = topic.type === 'repair'
  const said = rng.pick(repairing ? OPENINGS[pressing ? 'pressing' : 'calm'] : OPENINGS.planned)
  // People of hospitals and schools are called 老师, and so they call others.
  const opening = said.startsWith('老师') && industry !== 'hospital' && industry !== 'school' ? '您好，' : said
  const where = repairing || topic.asset ? `${place}，` : ''
  const effect = repairing && rng.chance(0.7) ? `，${rng.pick(pressing ? EFFECTS[industry] : HARMLESS[industry])}` : ''
  const wish = rng.pick(WISHES[repairing && pressing ? 'pressing' : 'calm'])
  const asset = assetLine && rng.chance(0.35) ? `设备：${assetLine}。` : ''
  const note = rng.chance(0.3) ? rng.pick(repairing && pressing ? PRESSING_NOTES : NOTES) : ''
  const calm = topic.asks.filter((ask) => !STOPPED.test(ask))
  const ask = rng.pick(pressing || calm.length === 0 ? topic.asks : calm)
  return trimmed(`${opening}${where}${ask}${effect}。${wish ? `${wish}。` : ''}${asset}${note}`)
}

export const DECLINES: Readonly<Record<string, readonly string[]>> = {
  overloaded: ['上一家还没收尾，赶不过去', '今天已经排了四家，来不及'],
  skill: ['这个模块没做过，怕处理不了', '接口部分需要熟悉的同事'],
  distance: ['现在在另一头，过去要一个半小时'],
  personal: ['下午请了半天假，系统里还没批'],
  certificate: ['进场证刚过期，客户那边进不去'],
}

export const REASSIGN_REASONS = [
  '原工程师临时生病',
  '就近调整，顺路处理',
  '客户点名要熟悉现场的工程师',
  '上一单超时，改派同组同事',
  '需要懂接口的同事',
] as const

export const RESCHEDULES = {
  customer: [
    '客户当天有检查，改到后面',
    '客户机房停电检修，改期',
    '客户联系人出差，改约',
    '门诊高峰，客户希望换个时间',
    '客户还没准备好网口',
  ],
  us: ['上一单超时，与客户协商改期', '备件未到，改约', '工程师请假，改约'],
} as const

export const REMAINING = [
  '备件到货后更换主板',
  '还剩 2 台设备未调试，等客户腾出位置',
  '接口对方需要开通端口，开通后再联调',
  '需要停机窗口才能完成，约晚上',
  '权限还差一批人员名单，客户整理中',
  '线缆长度不够，补料后完成',
] as const

export const UNABLE = [
  { words: '客户现场停电，无法开展', foreseeable: false },
  { words: '客户联系人不在，机房进不去', foreseeable: true },
  { words: '设备位置未腾空，不具备安装条件', foreseeable: true },
  { words: '入场手续未办妥，门岗不放行', foreseeable: true },
  { words: '对方系统厂商未到场，无法联调', foreseeable: false },
] as const

export const HOLDS = {
  customer: ['等客户确认停机时间', '等客户采购网线到货', '客户在走内部审批'],
  parts: ['等备件，厂家答复 3 天', '硬盘缺货，调拨中'],
  product: ['等产品部补丁', '等研发定位接口问题'],
  window: ['等月底关账后再操作', '等寒暑假窗口'],
  force_majeure: ['台风预警，园区封闭', '道路封控，无法到达'],
} as const

export const CANCELS = [
  '客户自行重启后恢复',
  '重复报修，已合并处理',
  '客户取消采购计划',
  '电话指导后解决',
  '客户改为下季度一起做',
] as const

export const REJECTIONS = [
  '还有一台没有打印成功，需要再来一次',
  '客户要求补充操作说明后再签',
  '测试时又出现一次，暂不签收',
] as const

// ── satisfaction ───────────────────────────────────────────────────────────────────────────────────────────────────

export const PRAISE = [
  '工程师来得快，讲得也清楚',
  '态度很好，走之前把桌面都收拾干净了',
  '一次就解决了，很专业',
  '提前打电话确认了时间，省心',
  '顺手把隔壁那台也看了一下，感谢',
  '培训讲得细，大家都听懂了',
  '周末还赶过来，辛苦了',
  '处理问题有条理，给我们留了操作说明',
] as const

export const GRUMBLES = [
  '比约定晚了快一个小时，也没提前说',
  '问题反复出现，这是第三次了',
  '修好了这个又出了别的问题',
  '工程师对我们的系统不太熟，一直在打电话问',
  '等备件等了一个星期',
  '现场垃圾没有带走',
  '解释不清楚原因，只说好了',
  '电话打了三次才有人接',
] as const

export const NEUTRAL = [
  '总体可以',
  '问题解决了，就是慢了点',
  '还行',
  '希望以后响应再快一点',
  '能用了，观察几天',
  '',
] as const

export const TAGS = {
  good: ['on_time', 'professional', 'patient', 'clean'],
  bad: ['late', 'not_solved', 'explain', 'attitude', 'messy'],
} as const

/** Causes of a low score, from the tree that quality keeps, with what was done and what was changed. */
export const CAUSES = [
  {
    key: 'late',
    done: ['客户确认近两次都提前打了电话，准时到场', '已固定片区工程师，客户认可'],
    actions: ['回访致歉，后续上门提前一小时电话确认', '调整该客户到片区内工程师'],
    change: 'rule' as const,
    words: '派工时按实际路况预留 20 分钟缓冲',
  },
  {
    key: 'not_solved',
    done: ['部件已更换，观察一周', '整机更换完成，客户在场确认'],
    actions: ['安排资深工程师复查并更换整机', '与产品部联合定位根因，更换同批次部件'],
    change: 'article' as const,
    words: '补充一篇处理说明，列出必须更换的部件',
  },
  {
    key: 'skill',
    done: ['专家远程陪同完成，客户在场确认', '培训已完成并通过实操考核'],
    actions: ['安排专家远程陪同补一次上门', '工程师参加接口专项培训后再独立处理'],
    change: 'training' as const,
    words: '纳入本季度接口专项培训名单',
  },
  {
    key: 'communication',
    done: ['已当面讲解处理经过并发书面说明', '主管已致电致歉，客户接受'],
    actions: ['主管电话致歉，说明处理经过', '补发处理报告并当面讲解'],
    change: 'template' as const,
    words: '服务单增加「向客户说明原因」必填项',
  },
  {
    key: 'parts',
    done: ['备件已到并更换，客户签收', '备机已放置在客户库房'],
    actions: ['紧急调拨备件并上门更换', '为该客户预置一台备机'],
    change: 'rule' as const,
    words: '金牌客户关键设备备件前置到城市仓',
  },
  {
    key: 'other',
    done: ['已回现场清理，客户确认'],
    actions: ['安排工程师回到现场清理并致歉'],
    change: 'template' as const,
    words: '离场检查表加上现场清理照片',
  },
] as const

// ── threads ────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Voice = 'dispatcher' | 'engineer' | 'product'
export interface Exchange {
  about: 'repair' | 'install' | 'any' | 'late' | 'product'
  lines: readonly (readonly [Voice, string])[]
}

/** {customer} {place} {engineer} {asset} stand for this order's own. */
export const EXCHANGES: readonly Exchange[] = [
  {
    about: 'any',
    lines: [
      ['dispatcher', '@{engineer} {customer}这边要提前报车牌，方便发一下吗'],
      ['engineer', '坐地铁过去，不开车'],
      ['dispatcher', '好，那我跟保安说一声，直接报姓名'],
    ],
  },
  {
    about: 'any',
    lines: [
      ['dispatcher', '客户说联系人下午开会，三点半之后再进机房'],
      ['engineer', '收到，我先去附近那家，三点半到'],
      ['dispatcher', '辛苦'],
    ],
  },
  {
    about: 'any',
    lines: [
      ['engineer', '到了，门岗让等信息科来接'],
      ['dispatcher', '已经打过电话了，五分钟内下来'],
      ['engineer', '接到了'],
    ],
  },
  {
    about: 'any',
    lines: [
      ['engineer', '客户想顺便看一下隔壁那台，要不要单独开单'],
      ['dispatcher', '十分钟以内就一起处理，记在服务单备注里；超过就另开一单'],
      ['engineer', '就换根线，已经好了，备注写了'],
    ],
  },
  {
    about: 'any',
    lines: [
      ['dispatcher', '这家上次评分不高，进门先说明处理步骤，走之前让对方试一遍'],
      ['engineer', '明白，上次的问题我看过记录了'],
    ],
  },
  {
    about: 'repair',
    lines: [
      ['engineer', '{asset}拆开看了，主板电容鼓包，现场没有备件'],
      ['dispatcher', '我查一下库存……城市仓有一块，今天下午能送到'],
      ['engineer', '那我先处理下一单，四点回来装'],
      ['dispatcher', '已和客户说好，四点'],
    ],
  },
  {
    about: 'repair',
    lines: [
      ['engineer', '换了备机先顶上，坏的带回来'],
      ['dispatcher', '好，备机编号记一下，别忘了让客户签收条'],
      ['engineer', '签了，照片传了'],
    ],
  },
  {
    about: 'repair',
    lines: [
      ['engineer', '现场复现不了，客户说一天出现两三次'],
      ['product', '先把日志级别调高，明天这个时间把日志发我'],
      ['engineer', '调好了，路径写在服务单里'],
      ['product', '收到，我明天看'],
    ],
  },
  {
    about: 'product',
    lines: [
      ['engineer', '@{product} {place}这边接口返回 5001，重试也一样，报文发你了'],
      ['product', '看到了，是目录版本不一致，让客户先停自动同步'],
      ['engineer', '停了，现在能结算'],
      ['product', '补丁今晚出，明早你远程更新一下'],
      ['dispatcher', '我给客户留了明早 8:30 的窗口'],
    ],
  },
  {
    about: 'product',
    lines: [
      ['engineer', '升级后报表打不开，字段名对不上'],
      ['product', '3.2 版改了视图，你执行一下包里的兼容脚本'],
      ['engineer', '执行完正常了，建议写到升级说明里'],
      ['product', '已经加了，谢谢提醒'],
    ],
  },
  {
    about: 'product',
    lines: [
      ['product', '这个问题另外两家也遇到了，先不要改配置，等我出结论'],
      ['engineer', '客户在催，能给个时间吗'],
      ['product', '今天 17:00 前'],
      ['dispatcher', '我先跟客户同步，说五点前给答复'],
    ],
  },
  {
    about: 'install',
    lines: [
      ['engineer', '现场预留的网口不通，客户说他们来查'],
      ['dispatcher', '要多久？下午你还有一家'],
      ['engineer', '说一个小时，我先装机柜'],
      ['dispatcher', '下午那家我往后挪半小时'],
    ],
  },
  {
    about: 'install',
    lines: [
      ['dispatcher', '设备物流显示已签收，到了先清点数量和序列号'],
      ['engineer', '清点完，少一根电源线，其他都对'],
      ['dispatcher', '我让仓库补发到客户那里'],
    ],
  },
  {
    about: 'install',
    lines: [
      ['engineer', '位置和图纸不一样，客户要求往左移两米'],
      ['dispatcher', '线够吗？不够就按变更走'],
      ['engineer', '够，已拍照，客户口头同意，我让他在服务单上写一句'],
    ],
  },
  {
    about: 'late',
    lines: [
      ['engineer', '高架堵死了，预计晚 25 分钟'],
      ['dispatcher', '我给客户打电话，你注意安全'],
      ['dispatcher', '客户同意等，说到了直接上三楼'],
      ['engineer', '到了'],
    ],
  },
  {
    about: 'late',
    lines: [
      ['engineer', '上一家还差个重启验证，可能晚到半小时'],
      ['dispatcher', '下一家是{customer}，对时间比较在意，我先打招呼'],
      ['engineer', '谢谢，弄完马上走'],
    ],
  },
  {
    about: 'late',
    lines: [
      ['engineer', '地铁临时停运，改打车，大概晚 20 分钟'],
      ['dispatcher', '收到，客户那边我说过了'],
    ],
  },
  {
    about: 'late',
    lines: [
      ['dispatcher', '@{engineer} {customer}的老师在问到哪了'],
      ['engineer', '园区门口排队登记，十分钟'],
      ['dispatcher', '好，我转告'],
    ],
  },
  {
    about: 'late',
    lines: [
      ['engineer', '下雨，路上全是车，导航显示还要 30 分钟'],
      ['dispatcher', '不急，安全第一，客户说他们先吃饭'],
    ],
  },
  {
    about: 'late',
    lines: [
      ['engineer', '跑错院区了，这单是分院，现在赶过去'],
      ['dispatcher', '地址在工单上，下次出发前再核对一下。客户我来解释'],
      ['engineer', '明白，抱歉'],
    ],
  },
  {
    about: 'any',
    lines: [
      ['dispatcher', '客户要求穿劳保鞋，你有吗'],
      ['engineer', '车里有一双'],
      ['dispatcher', '好'],
    ],
  },
  {
    about: 'any',
    lines: [
      ['engineer', '服务单客户签了，问下次巡检什么时候'],
      ['dispatcher', '合同里是下个月中旬，我提前一周联系他们'],
    ],
  },
  {
    about: 'repair',
    lines: [
      ['dispatcher', '上个月也报过类似的，处理前先看一下历史单'],
      ['engineer', '看了，上次只重启，这次我把日志导出来查根因'],
      ['dispatcher', '好，结论写清楚'],
    ],
  },
]

export const COMPLAINTS = [
  { category: 'timeliness', words: '约定时间过了一个半小时才到，期间没有任何说明，影响我们门诊。' },
  { category: 'quality', words: '同一台设备一个月内修了三次，要求给出书面原因和整改方案。' },
  { category: 'attitude', words: '工程师在现场打私人电话，处理过程不耐烦。' },
  { category: 'communication', words: '更改时间没有通知我们，保安室等了一上午。' },
  { category: 'quality', words: '升级之后丢了两天的数据，虽然补回来了，但流程上要有保障。' },
] as const

export const COMMENDATIONS = [
  '下着大雨准时赶到，半小时恢复了收费，科里都说好。',
  '培训准备得很用心，还专门给夜班同事录了一段操作视频。',
  '主动发现 UPS 电池鼓包并提醒我们更换，避免了一次停机。',
  '连续三天陪同上线，问题当天清，特此表扬。',
  '处理完又回访了两次，服务很到位。',
] as const
