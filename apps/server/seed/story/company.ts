import type { CityName } from './places'
import { Rng } from './rng'
import { addDays, addWorkdays, clock, dateOf, type LocalDate, workdayOnOrAfter, ZONE } from './time'

export type TeamKey =
  | 'company'
  | 'office'
  | 'service'
  | 'quality'
  | 'product'
  | 'hr'
  | 'it'
  | 'audit'
  | 'delivery'
  | 'east'
  | 'north'
  | 'south'
  | 'east.sh1'
  | 'east.sh2'
  | 'east.hy'
  | 'east.sn'
  | 'north.bj'
  | 'north.tj'
  | 'north.jn'
  | 'south.gf'
  | 'south.sd'
  | 'south.xm'

export type RegionKey = 'east' | 'north' | 'south'

export interface StoryTeam {
  id: string
  key: TeamKey
  parentId: string | null
  kind: 'company' | 'region' | 'department' | 'team'
  name: string
  regionKey: RegionKey | null
  /** Where its engineers live. */
  cities: readonly CityName[]
  /** Since when its orders run through the system; null: not yet, it exists as people and schedule only. */
  liveSince: LocalDate | null
  order: number
}

export interface WorkDay {
  /** 0 Sunday … 6 Saturday. */
  weekday: number
  /** Minutes since local midnight; empty on a day off. */
  spans: readonly { fromMin: number; toMin: number }[]
}

export interface StoryCompany {
  id: string
  name: string
  legalName: string
  slogan: string
  zone: string
  headOffice: { address: string; lat: number; lng: number; datum: 'gcj02' }
  hotline: string
  /** The first day of the history: the pilot went live. */
  liveSince: LocalDate
  calendar: { name: string; zone: string; holidays: 'mainland-china'; days: readonly WorkDay[]; validFrom: LocalDate }
  settings: {
    lowScore: number
    goodScore: number
    lateGraceMin: number
    offerUnopenedMin: number
    offerUnansweredMin: number
    followUpContactHours: number
    followUpPlanWorkdays: number
    surveyValidDays: number
    geofenceDefaultM: number
    duplicateHintHours: number
    documentDueHours: number
    personDayMin: number
    scoreWeights: Readonly<Record<'completion' | 'response' | 'good' | 'onTime' | 'documents', number>>
  }
  teams: readonly StoryTeam[]
}

/** Ids of master data carry one fixed time, so that they are the same whenever the demo is made. */
export const MASTER_AT = Date.UTC(2026, 0, 5, 1)

/** The id of a piece of master data: the same for the same seed and words, whatever the day. */
export const idFor = (seed: string, kind: string, key: string): string =>
  new Rng(`${seed}#${kind}#${key}`).uuid(MASTER_AT)

const TREE: readonly [
  key: TeamKey,
  parent: TeamKey | null,
  kind: StoryTeam['kind'],
  name: string,
  region: RegionKey | null,
  cities?: readonly CityName[],
][] = [
  ['company', null, 'company', '序衡信息', null],
  ['office', 'company', 'department', '总经理办公室', null],
  ['delivery', 'company', 'department', '实施交付中心', null],
  ['east', 'delivery', 'region', '华东大区', 'east'],
  ['east.sh1', 'east', 'team', '上海医疗组', 'east', ['上海']],
  ['east.sh2', 'east', 'team', '上海政企组', 'east', ['上海']],
  ['east.hy', 'east', 'team', '杭甬组', 'east', ['杭州', '宁波']],
  ['east.sn', 'east', 'team', '苏宁组', 'east', ['苏州', '南京']],
  ['north', 'delivery', 'region', '华北大区', 'north'],
  ['north.bj', 'north', 'team', '北京组', 'north', ['北京']],
  ['north.tj', 'north', 'team', '津冀组', 'north', ['天津', '石家庄']],
  ['north.jn', 'north', 'team', '济南组', 'north', ['济南']],
  ['south', 'delivery', 'region', '华南大区', 'south'],
  ['south.gf', 'south', 'team', '广佛组', 'south', ['广州', '佛山']],
  ['south.sd', 'south', 'team', '深莞组', 'south', ['深圳', '东莞']],
  ['south.xm', 'south', 'team', '厦门组', 'south', ['厦门']],
  ['service', 'company', 'department', '客户服务与调度部', null],
  ['quality', 'company', 'department', '质量回访部', null],
  ['product', 'company', 'department', '产品支持部', null],
  ['hr', 'company', 'department', '人力资源部', null],
  ['it', 'company', 'department', '信息管理部', null],
  ['audit', 'company', 'department', '内审部', null],
]

const officeHours = [
  { fromMin: clock(9), toMin: clock(12) },
  { fromMin: clock(13), toMin: clock(18) },
]

/** How many days the pilot has been live. */
export const HISTORY_DAYS = 182

/** The company on the day of `now` (epoch milliseconds). */
export function tellCompany(seed: string, now: number): StoryCompany {
  const today = dateOf(now)
  const liveSince = workdayOnOrAfter(addDays(today, -HISTORY_DAYS))
  const since = (key: TeamKey): LocalDate | null => {
    if (key.startsWith('east.')) return liveSince
    if (key === 'south.gf') return addWorkdays(today, -24)
    if (key === 'north.bj') return addWorkdays(today, -14)
    return null
  }
  return {
    id: idFor(seed, 'company', 'company'),
    name: '序衡信息',
    legalName: '序衡信息技术（上海）有限公司',
    slogan: '让每一次上门都有结果',
    zone: ZONE,
    headOffice: {
      address: '上海市徐汇区宜山路1388弄6号楼9层',
      lat: 31.1712,
      lng: 121.4008,
      datum: 'gcj02',
    },
    hotline: '400-000-0917',
    liveSince,
    calendar: {
      name: '标准工作日历',
      zone: ZONE,
      holidays: 'mainland-china',
      days: [0, 1, 2, 3, 4, 5, 6].map((weekday) => ({
        weekday,
        spans: weekday === 0 || weekday === 6 ? [] : officeHours,
      })),
      validFrom: '2026-01-01',
    },
    settings: {
      lowScore: 70,
      goodScore: 80,
      lateGraceMin: 15,
      offerUnopenedMin: 3,
      offerUnansweredMin: 15,
      followUpContactHours: 24,
      followUpPlanWorkdays: 3,
      surveyValidDays: 7,
      geofenceDefaultM: 200,
      duplicateHintHours: 72,
      documentDueHours: 24,
      personDayMin: 480,
      scoreWeights: { completion: 30, response: 20, good: 30, onTime: 10, documents: 10 },
    },
    teams: TREE.map(([key, parent, kind, name, regionKey, cities = []], order) => ({
      id: idFor(seed, 'team', key),
      key,
      parentId: parent && idFor(seed, 'team', parent),
      kind,
      name,
      regionKey,
      cities,
      liveSince: since(key),
      order,
    })),
  }
}
