// What the company checks on site and which parts it keeps. Plain facts; the words are those of people who do the work.

import type { z } from 'zod'
import type { ChecklistBody } from '#contracts/worksheets.schema'
import { derivedId } from '../../src/platform/ids'
import type { StoryOrderType } from './customers'

type Body = z.input<typeof ChecklistBody>
type Item = Body['items'][number]

export interface StoryChecklist {
  id: string
  orderTypes: readonly StoryOrderType[]
  models: readonly string[]
  body: Body
}

const w = (zh: string, en: string) => ({ zh, en })
const pass = (key: string, zh: string, en: string, more: Partial<Item> = {}): Item => ({
  key,
  label: w(zh, en),
  kind: 'passFail',
  required: false,
  ...more,
})
const measure = (
  key: string,
  zh: string,
  en: string,
  unit: string,
  limits: { min?: number; max?: number },
  more: Partial<Item> = {},
): Item => ({ key, label: w(zh, en), kind: 'number', required: false, unit, ...limits, ...more })
const words = (key: string, zh: string, en: string, more: Partial<Item> = {}): Item => ({
  key,
  label: w(zh, en),
  kind: 'text',
  required: false,
  ...more,
})
const photo = (key: string, zh: string, en: string, more: Partial<Item> = {}): Item => ({
  key,
  label: w(zh, en),
  kind: 'photo',
  required: false,
  ...more,
})
const one = (
  key: string,
  zh: string,
  en: string,
  options: NonNullable<Item['options']>,
  more: Partial<Item> = {},
): Item => ({
  key,
  label: w(zh, en),
  kind: 'choice',
  required: false,
  options,
  ...more,
})
const when = (item: string, ...is: string[]) => ({ when: { item, is } })
const follow = (type: 'repair' | 'upgrade' | 'install', priority: 'high' | 'normal' | 'low', title?: string) => ({
  onFail: { followUp: { type, priority, ...(title ? { title } : {}) } },
})
const tool = (zh: string, en: string) => ({ what: 'tool' as const, name: w(zh, en) })
const paper = (zh: string, en: string) => ({ what: 'paper' as const, name: w(zh, en) })
const part = (zh: string, en: string, number: string, qty = 1) => ({
  what: 'part' as const,
  name: w(zh, en),
  part: number,
  qty,
})

export const tellChecklists = (seed: string): StoryChecklist[] => {
  const list = (key: string, orderTypes: readonly StoryOrderType[], body: Body, models: readonly string[] = []) => ({
    id: derivedId(seed, 'checklist', key),
    orderTypes,
    models,
    body,
  })
  return [
    list('install', ['install'], {
      title: w('安装部署检查单', 'Installation checklist'),
      bring: [
        tool('万用表', 'Multimeter'),
        tool('测线仪', 'Cable tester'),
        tool('防静电手环', 'Anti-static strap'),
        tool('标签打印机', 'Label printer'),
        part('六类网线 3 米', 'Cat 6 cable, 3 m', 'CB-6-3M', 4),
        part('机柜螺丝套装', 'Rack screws', 'MS-M6', 2),
        paper('装箱单与到货签收单', 'Packing list and delivery note'),
      ],
      items: [
        pass('unpack', '开箱：型号、数量、外观与装箱单一致', 'Unpacking: model, number and look as on the list', {
          required: true,
          ...follow('repair', 'high', '到货不符或外观损坏，需换货'),
        }),
        photo('unpack_photo', '开箱问题照片', 'Photos of what is wrong', { required: true, ...when('unpack', 'fail') }),
        { key: 'serial', label: w('主机序列号', 'Serial number'), kind: 'scan', required: false },
        pass('power', '供电与接地', 'Power and grounding', {
          required: true,
          hint: w('断电挂牌，插座左零右火', 'Lock out first; neutral left, live right'),
          ...follow('repair', 'high', '现场供电或接地不合格，需整改'),
        }),
        measure('volts', '输入电压', 'Input voltage', 'V', { min: 198, max: 242 }),
        measure('ground', '接地电阻', 'Ground resistance', 'Ω', { max: 4 }, when('power', 'pass', 'fail')),
        pass('network', '网络连通：网关、服务端、互联网按需', 'Network: gateway, server, internet as needed', {
          required: true,
        }),
        measure('loss', '丢包率', 'Packet loss', '%', { max: 1 }),
        pass('function', '业务功能逐项演示通过', 'Every function shown and working', {
          required: true,
          ...follow('repair', 'normal'),
        }),
        words('function_why', '哪一项没通过，怎么复现', 'What fails and how to see it', {
          required: true,
          ...when('function', 'fail'),
        }),
        pass('labels', '线缆、端口、设备标签齐全', 'Cables, ports and devices labelled'),
        pass('clean', '包装与线头清理，现场恢复', 'Packaging removed, site tidy'),
        photo('after', '完工照片', 'Photos of the finished work'),
      ],
    }),
    list('repair', ['repair'], {
      title: w('故障处理检查单', 'Repair checklist'),
      bring: [
        tool('万用表', 'Multimeter'),
        tool('螺丝刀套装', 'Screwdrivers'),
        tool('系统安装 U 盘', 'Boot stick'),
        part('六类网线 3 米', 'Cat 6 cable, 3 m', 'CB-6-3M', 2),
        part('电源线 1.8 米', 'Power cord, 1.8 m', 'PW-C13', 1),
      ],
      items: [
        pass('seen', '故障现象与报修一致', 'The fault is as reported', { required: true }),
        words('other', '实际看到的现象', 'What is really to be seen', { required: true, ...when('seen', 'fail') }),
        one(
          'cause',
          '原因判断',
          'Cause',
          [
            { value: 'hardware', label: w('硬件', 'Hardware') },
            { value: 'software', label: w('软件', 'Software') },
            { value: 'network', label: w('网络', 'Network') },
            { value: 'power', label: w('供电', 'Power') },
            { value: 'operation', label: w('操作', 'Operation') },
            { value: 'environment', label: w('环境', 'Environment') },
          ],
          { required: true },
        ),
        pass(
          'backup',
          '动手前已备份数据与配置',
          'Data and settings saved before',
          when('cause', 'software', 'hardware'),
        ),
        pass('restored', '业务恢复，客户当面复测', 'Working again, tried by the customer', {
          required: true,
          ...follow('repair', 'high', '故障未恢复，需再次上门'),
        }),
        measure('watched', '恢复后观察', 'Watched afterwards', '分钟', { min: 15 }),
        pass(
          'root',
          '根因已消除，不会马上再发',
          'The cause is gone',
          follow('upgrade', 'normal', '临时恢复，需彻底整改'),
        ),
        photo('photo', '故障与处理照片', 'Photos of fault and repair'),
      ],
    }),
    list(
      'server_room',
      ['inspect'],
      {
        title: w('机房巡检单', 'Server room inspection'),
        bring: [
          tool('红外测温仪', 'Infrared thermometer'),
          tool('吸尘器与毛刷', 'Vacuum cleaner and brush'),
          paper('上次巡检记录', 'Last inspection record'),
        ],
        items: [
          measure(
            'temperature',
            '机房温度',
            'Room temperature',
            '℃',
            { min: 18, max: 27 },
            {
              required: true,
              ...follow('repair', 'high', '机房温度超标，检查空调'),
            },
          ),
          measure('humidity', '相对湿度', 'Humidity', '%', { min: 35, max: 65 }),
          one(
            'ups',
            'UPS 状态',
            'UPS',
            [
              { value: 'online', label: w('在线，无告警', 'Online, no alarm') },
              { value: 'alarm', label: w('有告警', 'Alarm'), fails: true },
              { value: 'bypass', label: w('旁路运行', 'On bypass'), fails: true },
              { value: 'none', label: w('没有 UPS', 'No UPS') },
            ],
            { required: true, ...follow('repair', 'high', 'UPS 异常，需检修') },
          ),
          measure(
            'battery',
            'UPS 电池使用年数',
            'Age of the UPS battery',
            '年',
            { max: 4 },
            {
              ...when('ups', 'online', 'alarm', 'bypass'),
              ...follow('upgrade', 'normal', 'UPS 电池到期，建议更换'),
            },
          ),
          pass('lamps', '服务器、存储指示灯无告警', 'No alarm lamps on servers and storage', {
            required: true,
            ...follow('repair', 'high', '硬件告警，需更换部件'),
          }),
          words('lamps_where', '哪一台、什么告警', 'Which one, which alarm', {
            required: true,
            ...when('lamps', 'fail'),
          }),
          measure(
            'disk',
            '磁盘最高使用率',
            'Fullest disk',
            '%',
            { max: 85 },
            follow('upgrade', 'normal', '磁盘空间不足，建议扩容'),
          ),
          pass('backup', '最近 7 天备份成功且可恢复', 'Backups of 7 days, one restored', {
            required: true,
            ...follow('repair', 'high', '备份失败，需处理'),
          }),
          pass('dust', '除尘、理线、滤网', 'Dust, cables, filters'),
          pass('fire', '灭火器压力与通道', 'Extinguisher and way out'),
          { key: 'keeper', label: w('机房管理员签字', 'Signature of the keeper'), kind: 'signature', required: false },
        ],
      },
      ['XH-'],
    ),
    list(
      'kiosk_check',
      ['inspect'],
      {
        title: w('自助设备巡检单', 'Kiosk inspection'),
        bring: [
          tool('清洁套装', 'Cleaning kit'),
          tool('测试卡（医保卡、身份证样卡）', 'Test cards'),
          part('热敏纸 80×80', 'Thermal paper 80×80', 'TP-8080', 10),
          part('热敏打印机芯', 'Thermal print engine', 'KS-PE80', 1),
        ],
        items: [
          pass('screen', '触摸屏校准、无坏点', 'Touch screen', { required: true }),
          pass('printer', '凭条打印清晰、切纸正常', 'Receipts print and cut', {
            required: true,
            ...follow('repair', 'normal', '自助机打印模块需更换'),
          }),
          measure('paper', '剩余纸卷', 'Rolls of paper left', '卷', { min: 2 }),
          pass('reader', '读卡、扫码、人脸逐项测试', 'Cards, codes and faces', {
            required: true,
            ...follow('repair', 'normal'),
          }),
          pass('pay', '0.01 元支付并退款', 'One fen paid and returned'),
          pass('clean', '清洁传感器、滚轮、出纸口', 'Sensors, rollers and outlet cleaned'),
          photo('before_after', '清洁前后照片', 'Before and after'),
        ],
      },
      ['KS-'],
    ),
    list(
      'network_check',
      ['inspect'],
      {
        title: w('弱电间巡检单', 'Network room inspection'),
        bring: [
          tool('测线仪', 'Cable tester'),
          tool('光功率计', 'Optical power meter'),
          part('六类网线 3 米', 'Cat 6 cable, 3 m', 'CB-6-3M', 6),
          paper('端口对应表', 'Port table'),
        ],
        items: [
          pass('links', '上联链路与聚合状态', 'Uplinks', {
            required: true,
            ...follow('repair', 'high', '上联链路异常'),
          }),
          measure('optical', '光口接收功率', 'Optical power received', 'dBm', { min: -18, max: -3 }),
          measure('cpu', '核心交换机 CPU', 'CPU of the core switch', '%', { max: 70 }),
          pass('loop', '无环路与广播风暴告警', 'No loops or storms', { required: true }),
          pass('config', '配置已备份', 'Settings saved'),
          pass('table', '端口对应表已更新', 'Port table up to date', { required: true }),
          pass('tidy', '理线、标签、柜门上锁', 'Cables, labels, doors locked'),
        ],
      },
      ['NS', 'WA', 'FG'],
    ),
    list('training', ['train'], {
      title: w('培训检查单', 'Training checklist'),
      bring: [
        tool('投影转接头', 'Projector adapters'),
        paper('培训教材', 'Hand-outs'),
        paper('签到表', 'List of attendees'),
      ],
      items: [
        pass('accounts', '培训账号与环境可用', 'Training accounts work', { required: true }),
        measure('people', '到课人数', 'People present', '人', { min: 1 }, { required: true }),
        pass('practice', '每人独立做完一遍', 'Everybody did it once', { required: true }),
        measure('score', '课后小测平均分', 'Average of the test', '分', { min: 60 }),
        words('open', '没讲清楚、要再讲的', 'What needs another lesson'),
        photo('sheet', '签到表照片', 'Photo of the list'),
      ],
    }),
    list('upgrade', ['upgrade'], {
      title: w('升级实施检查单', 'Upgrade checklist'),
      bring: [paper('升级方案与回退步骤', 'Plan and way back'), tool('升级包校验值', 'Checksums of the package')],
      items: [
        pass('window', '客户确认停机窗口', 'Downtime agreed', { required: true }),
        pass('backup', '升级前备份，已试恢复', 'Backup made and restored once', {
          required: true,
          ...follow('repair', 'high', '备份不可恢复，先处理备份'),
        }),
        words('version', '升级前版本 → 升级后版本', 'Version before → after', { required: true }),
        pass('smoke', '核心业务回归通过', 'Core functions tested', {
          required: true,
          ...follow('repair', 'high', '升级后业务异常'),
        }),
        one(
          'outcome',
          '结果',
          'Outcome',
          [
            { value: 'kept', label: w('保留新版', 'New version kept') },
            { value: 'rolled_back', label: w('已回退', 'Rolled back'), fails: true },
          ],
          { required: true, ...follow('upgrade', 'normal', '升级已回退，重新安排窗口') },
        ),
        words('why_back', '回退原因', 'Why it was rolled back', { required: true, ...when('outcome', 'rolled_back') }),
      ],
    }),
  ]
}

/** [number, name, spec, unit, category, each with a serial number, models] */
type PartRow = [string, string, string | null, string, string, boolean, readonly string[]]
const rows: readonly PartRow[] = [
  ['CB-6-1M', '六类网线 1 米', '成品跳线，蓝', '根', '线缆', false, []],
  ['CB-6-3M', '六类网线 3 米', '成品跳线，蓝', '根', '线缆', false, []],
  ['CB-6-5M', '六类网线 5 米', '成品跳线，灰', '根', '线缆', false, []],
  ['CB-6-BOX', '六类网线整箱', '305 米，纯铜', '箱', '线缆', false, []],
  ['CB-LC-3M', '光纤跳线 LC-LC 3 米', '单模双芯', '根', '线缆', false, []],
  ['CB-LC-10M', '光纤跳线 LC-LC 10 米', '单模双芯', '根', '线缆', false, []],
  ['CB-RJ45', 'RJ45 水晶头', '六类，100 个装', '盒', '线缆', false, []],
  ['CB-HDMI-5', 'HDMI 线 5 米', '4K', '根', '线缆', false, ['MB-', 'QM-']],
  ['CB-485', 'RS485 双绞屏蔽线', '2×1.0', '米', '线缆', false, ['AC-']],
  ['PW-C13', '电源线 1.8 米', 'C13，国标', '根', '电源', false, []],
  ['PW-C19', '电源线 3 米', 'C19，16 A', '根', '电源', false, ['XH-']],
  ['PW-12V5A', '电源适配器 12 V 5 A', null, '个', '电源', true, ['AC-', 'PT-']],
  ['PW-24V4A', '电源适配器 24 V 4 A', '票据打印机用', '个', '电源', true, ['BP-', 'KS-']],
  ['PW-PDU8', 'PDU 8 位', '16 A，带防雷', '条', '电源', true, []],
  ['PW-UPS-BAT', 'UPS 蓄电池 12 V 9 Ah', '阀控铅酸', '块', '电源', true, []],
  ['PW-800', '服务器电源模块 800 W', '铂金', '个', '电源', true, ['XH-R']],
  ['MS-M6', '机柜螺丝套装', 'M6 浮动螺母 50 套', '包', '辅材', false, []],
  ['MS-TIE', '尼龙扎带', '200 mm，100 根', '包', '辅材', false, []],
  ['MS-LBL', '线缆标签', '刀形，A4 10 张', '包', '辅材', false, []],
  ['MS-CLEAN', '清洁套装', '无尘布、酒精、气吹', '套', '辅材', false, []],
  ['MS-GREASE', '导热硅脂', '4 g', '支', '辅材', false, []],
  ['TP-8080', '热敏纸 80×80', '免管芯', '卷', '耗材', false, ['KS-', 'QM-', 'PT-']],
  ['TP-5730', '热敏纸 57×30', null, '卷', '耗材', false, ['PT-']],
  ['LB-4030', '标签纸 40×30', '三防热敏，800 张', '卷', '耗材', false, ['BP-']],
  ['LB-WRIST', '腕带纸', '成人，防水', '卷', '耗材', false, ['BP-']],
  ['RB-110', '碳带 110×300', '混合基', '卷', '耗材', false, ['BP-']],
  ['TN-3320', '硒鼓 LP-3320', '3000 页', '个', '耗材', true, ['LP-3320']],
  ['TN-5050', '粉盒 LP-5050', '8000 页', '个', '耗材', true, ['LP-5050']],
  ['LP-RL', '搓纸轮', 'LP 系列', '个', '打印机', false, ['LP-']],
  ['LP-FUSER', '定影组件', 'LP-5050', '个', '打印机', true, ['LP-5050']],
  ['LP-NIC', '打印机网卡', 'LP 系列', '块', '打印机', true, ['LP-']],
  ['BP-HEAD203', '条码打印头 203 dpi', 'BP-244', '个', '打印机', true, ['BP-244']],
  ['BP-HEAD300', '条码打印头 300 dpi', 'BP-300i', '个', '打印机', true, ['BP-300']],
  ['BP-ROLL', '胶辊', 'BP 系列', '根', '打印机', false, ['BP-']],
  ['BP-SENSOR', '走纸传感器', 'BP 系列', '个', '打印机', false, ['BP-']],
  ['KS-PE80', '热敏打印机芯', '80 mm，带切刀', '个', '自助机', true, ['KS-']],
  ['KS-TOUCH21', '触摸屏 21.5 寸', '电容十点', '块', '自助机', true, ['KS-21']],
  ['KS-TOUCH32', '触摸屏 32 寸', '电容十点', '块', '自助机', true, ['KS-32']],
  ['KS-FFC', '触摸屏排线', '40 针', '根', '自助机', false, ['KS-']],
  ['KS-READER', '三合一读卡模块', '身份证、IC、磁条', '个', '自助机', true, ['KS-']],
  ['KS-SCAN', '二维码扫描头', '嵌入式', '个', '自助机', true, ['KS-', 'FT-']],
  ['KS-SSD256', '固态硬盘 256 GB', 'SATA 2.5 寸', '块', '自助机', true, ['KS-', 'PT-', 'WS-']],
  ['AC-READER', '门禁读卡器', 'IC + 二维码', '个', '门禁', true, ['AC-']],
  ['AC-LOCK', '磁力锁 280 kg', '单门，带反馈', '把', '门禁', true, ['AC-']],
  ['AC-BTN', '出门按钮', '86 盒', '个', '门禁', false, ['AC-']],
  ['AC-BOARD4', '四门控制主板', 'AC-204', '块', '门禁', true, ['AC-204']],
  ['FT-CAM', '人脸识别模组', '双目活体', '个', '门禁', true, ['FT-']],
  ['FT-MOTOR', '闸机电机', '直流无刷', '台', '门禁', true, ['FT-']],
  ['SV-HDD4T', '企业级硬盘 4 TB', 'SAS 3.5 寸', '块', '服务器', true, ['XH-']],
  ['SV-SSD960', '企业级固态 960 GB', 'SATA 2.5 寸', '块', '服务器', true, ['XH-']],
  ['SV-MEM32', '内存 32 GB', 'DDR4 3200 ECC', '条', '服务器', true, ['XH-R']],
  ['SV-RAIDBAT', '阵列卡电池', null, '块', '服务器', true, ['XH-R']],
  ['SV-FAN', '服务器风扇', '热插拔', '个', '服务器', false, ['XH-']],
  ['NW-SFP1G', '光模块 1 G', '单模 10 km，LC', '个', '网络', true, ['NS', 'FG-']],
  ['NW-SFP10G', '光模块 10 G', '多模 300 m，LC', '个', '网络', true, ['NS', 'FG-']],
  ['NW-POE', 'PoE 供电模块', '48 V 30 W', '个', '网络', true, ['WA']],
  ['NW-AP620', '无线接入点 WA620', '双频', '台', '网络', true, ['WA620']],
  ['NW-ANT', '吸顶天线', '双频', '根', '网络', false, ['WA']],
  ['MB-REMOTE', '会议屏遥控器', null, '个', '会议', false, ['MB-']],
  ['MB-OPS', 'OPS 电脑模块', 'i5/8G/256G', '台', '会议', true, ['MB-']],
  ['PT-CASH', '钱箱', '五格，RJ11', '个', '收银', false, ['PT-']],
  ['PT-SCAN', '扫码枪', 'USB，二维', '把', '收银', true, ['PT-', 'WS-']],
  ['HT-BAT', '手持终端电池', '4500 mAh', '块', '移动', true, ['HT-']],
  ['HT-SCREEN', '手持终端屏幕总成', '5.5 寸', '块', '移动', true, ['HT-55']],
  ['WS-HMI', '工位触控面板', '15.6 寸', '块', '产线', true, ['WS-']],
]

export interface StoryPart {
  id: string
  number: string
  name: string
  spec: string | null
  unit: string
  category: string
  serial: boolean
  models: readonly string[]
}
export const tellParts = (seed: string): StoryPart[] =>
  rows.map(([number, name, spec, unit, category, serial, models]) => ({
    id: derivedId(seed, 'part', number),
    number,
    name,
    spec,
    unit,
    category,
    serial,
    models,
  }))

/** What a repair of such equipment uses up. */
export const partsFor = (parts: readonly StoryPart[], model: string | null): StoryPart[] =>
  parts.filter((p) => model !== null && p.models.some((m) => model.startsWith(m)))

export const siteNotes = [
  '机房钥匙在保安处登记领取，晚上 6 点后要提前说',
  '客户周末停电检修，已提醒提前关机',
  '网口 A-12 松动，下次带模块来换',
  '客户希望以后先打信息科座机再上门',
  '设备上方空调滴水，已告知物业',
  '管理员口令已由客户自行修改并封存',
] as const
export const customerNotes = [
  '已向使用科室演示操作，现场答疑',
  '建议每月清洁一次传感器并留存记录',
  '建议下季度更换 UPS 电池',
  '已更新端口对应表并交给信息科',
] as const
