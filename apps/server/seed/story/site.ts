// What comes from the sites of the last days besides the work: plain facts, without ids. The writer finds visits that fit.

import type { RegionKey } from './company'

export interface SiteRequest {
  region: RegionKey
  kind: 'help' | 'parts' | 'colleague' | 'time'
  urgency: 'urgent' | 'normal'
  reason: string
  parts?: { name: string; quantity: number }[]
  hoursAgo: number
  /** Of the demo engineer himself. */
  mine?: boolean
  answer?: { how: 'answered' | 'approved' | 'declined' | 'accepted'; words: string; afterMin: number; done?: boolean }
}

export const siteRequests: readonly SiteRequest[] = [
  {
    region: 'east',
    kind: 'help',
    urgency: 'urgent',
    reason: '核心交换机升级后堆叠起不来，主备都报 Stack port down，换过线缆没用',
    hoursAgo: 26,
    mine: true,
    answer: {
      how: 'answered',
      words: '先把 2 号成员的堆叠口优先级改回默认，再逐台重启；改完发我 display stack 的截图',
      afterMin: 9,
      done: true,
    },
  },
  {
    region: 'east',
    kind: 'parts',
    urgency: 'normal',
    reason: '备电池组一节鼓包，内阻超标，建议整组更换',
    parts: [{ name: '12V 100Ah 铅酸蓄电池', quantity: 4 }],
    hoursAgo: 20,
    mine: true,
    answer: { how: 'approved', words: '上海仓有货，明天上午送到前台，找王工签收', afterMin: 34 },
  },
  {
    region: 'east',
    kind: 'parts',
    urgency: 'urgent',
    reason: '主机电源模块烧了一路，现在单电源在跑，客户要求今天恢复冗余',
    parts: [
      { name: 'PAC600S12 电源模块', quantity: 1 },
      { name: 'C13 电源线', quantity: 2 },
    ],
    hoursAgo: 0.4,
  },
  {
    region: 'east',
    kind: 'colleague',
    urgency: 'normal',
    reason: '新机柜 80 公斤要上三楼，货梯坏了，一个人抬不上去',
    hoursAgo: 1.2,
  },
  {
    region: 'north',
    kind: 'help',
    urgency: 'normal',
    reason: '门诊叫号屏不刷新，后台服务正常，怀疑是组播被新装的交换机挡了',
    hoursAgo: 3,
    answer: { how: 'accepted', words: '', afterMin: 6 },
  },
  {
    region: 'north',
    kind: 'time',
    urgency: 'normal',
    reason: '客户把网络割接推迟了一小时，要等他们窗口',
    hoursAgo: 0.6,
  },
  {
    region: 'south',
    kind: 'colleague',
    urgency: 'normal',
    reason: '巡检点位比清单多 40 个，一个人今天做不完',
    hoursAgo: 28,
    answer: { how: 'declined', words: '今天没有空人，先做清单内的，多的点位周四补一趟，已和客户说好', afterMin: 41 },
  },
  {
    region: 'south',
    kind: 'help',
    urgency: 'urgent',
    reason: '数据库导入到 60% 报字符集错误，客户在旁边等',
    hoursAgo: 5,
    answer: {
      how: 'answered',
      words: '源库是 GBK，导入前加 --default-character-set=gbk，已导的先清掉那张表',
      afterMin: 12,
    },
  },
]

export interface SiteEscalation {
  region: RegionKey
  to: 'product' | 'rnd' | 'after_sales'
  priority: 'urgent' | 'high' | 'normal' | 'low'
  title: string
  symptom: string
  steps: string
  environment: string
  reproducible: 'always' | 'sometimes' | 'once' | 'unknown'
  logs?: string
  hoursAgo: number
  mine?: boolean
  after?: ('take' | 'ask' | 'answer' | 'close')[]
  words?: string
  externalRef?: string
}

export const siteEscalations: readonly SiteEscalation[] = [
  {
    region: 'east',
    to: 'rnd',
    priority: 'high',
    title: '采集服务升级 V5.2 后每 10 分钟重启',
    symptom: '升级完成后采集进程内存持续上涨，约 10 分钟被系统杀掉，数据断续',
    steps: '1. 装 V5.2.1\n2. 接入超过 200 个点位\n3. 打开历史补采',
    environment: 'CentOS 7.9 · 8 核 16G · V5.2.1 · 点位 236 个',
    reproducible: 'always',
    logs: '10:31:07 collector[2213]: heap 1.9G\n10:31:52 kernel: Out of memory: Killed process 2213 (collector)',
    hoursAgo: 30,
    mine: true,
    after: ['take', 'ask'],
    words: '麻烦补一份升级前后的 collector.conf，另外看看历史补采的并发是不是被改成了 32',
    externalRef: 'RD-2417',
  },
  {
    region: 'east',
    to: 'product',
    priority: 'normal',
    title: '报表导出缺少科室小计',
    symptom: '客户要求按科室小计，现在只能按全院合计导出',
    steps: '报表 → 月度能耗 → 导出',
    environment: '管理端 3.8',
    reproducible: 'always',
    hoursAgo: 70,
    after: ['take', 'answer'],
    words: '3.9 已排，下月 12 日发版；临时可用「自定义报表」加分组，步骤已发群里',
    externalRef: 'PM-1182',
  },
  {
    region: 'north',
    to: 'after_sales',
    priority: 'urgent',
    title: '同批次 UPS 主板第三次告警',
    symptom: '本月同一客户第三台报 E17，前两台换主板后正常',
    steps: '带载 60% 以上运行约 2 小时出现',
    environment: 'UPS-10K · 生产批次 2024-11',
    reproducible: 'sometimes',
    hoursAgo: 4,
  },
  {
    region: 'south',
    to: 'rnd',
    priority: 'normal',
    title: '门禁控制器偶发掉线',
    symptom: '每天凌晨 3 点左右掉线 1 分钟，自动恢复',
    steps: '还没能重现，只看到日志',
    environment: '固件 2.4.0 · PoE 供电',
    reproducible: 'unknown',
    hoursAgo: 96,
    after: ['take', 'answer', 'close'],
    words: '固件 2.4.1 修正了证书续期时的重连，请先升一台观察两晚',
    externalRef: 'RD-2390',
  },
]

export interface SiteHandover {
  region: RegionKey
  reason: string
  remaining: string
  keys?: string
  promises?: string
  hoursAgo: number
  /** To the demo engineer. */
  toMe?: boolean
  after?: 'accept' | 'decline'
  words?: string
}

export const siteHandovers: readonly SiteHandover[] = [
  {
    region: 'east',
    reason: '孩子发烧要去医院，下午这一单想请你去',
    remaining: '设备已到货在前台，只差上架和联调；客户指定要走 B 口',
    keys: '机房门禁卡 1 张，放在客户前台',
    promises: '答应今天下班前给测试报告',
    hoursAgo: 0.7,
    toMe: true,
  },
  {
    region: 'north',
    reason: '上一家拖到很晚，赶不过去',
    remaining: '按巡检表走一遍即可，上次的遗留项在工单里',
    hoursAgo: 6,
    after: 'decline',
    words: '我这边也排满了，建议找调度改到明天',
  },
]

export const siteReports: readonly {
  region: RegionKey
  mine?: boolean
  title: string
  text: string
  priority: 'high' | 'normal'
  hoursAgo: number
}[] = [
  {
    region: 'east',
    mine: true,
    title: '弱电间空调漏水，滴在配线架上方',
    text: '已用塑料布临时遮住，建议这两天处理',
    priority: 'high',
    hoursAgo: 22,
  },
  {
    region: 'south',
    title: '三层两个 AP 指示灯常红',
    text: '客户还没感觉到，信号偏弱',
    priority: 'normal',
    hoursAgo: 2,
  },
]
