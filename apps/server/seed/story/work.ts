// The demand and the days: which orders come in, who goes where and when, and what happens there. It decides; telling
// it as events is history.ts.

import { travelMin } from '#geo'
import {
  type Actor,
  type Coordinates,
  type EventNamed,
  type Grade,
  gradeCheckIn,
  type HoldCause,
  type LifecycleEvent,
  type Reason,
  type Responsibility,
  type Source,
  type Window,
} from '#lifecycle'
import type { StoryCompany, StoryTeam } from './company'
import type {
  StoryAsset,
  StoryContact,
  StoryContract,
  StoryCustomer,
  StoryCustomers,
  StoryOrderType,
  StoryPriority,
  StorySite,
  StorySlaLine,
} from './customers'
import { placeFor } from './customers'
import { DEMO_ENGINEER, dutyOn, isAway, type StoryEngineer, type StoryPeople } from './people'
import { type CityName, near } from './places'
import type { PhaseKey, StoryPhase, StoryProject, StoryProjects } from './projects'
import { Rng } from './rng'
import {
  addDays,
  addWorkdays,
  at,
  clock,
  DAY,
  dateOf,
  daysBetween,
  isMakeUpDay,
  isWorkday,
  type LocalDate,
  MINUTE,
  minuteOf,
  nextWorkday,
  weekday,
  workdaysLeftInMonth,
} from './time'
import { HOLDS, REJECTIONS, REMAINING, requestText, TOPICS, type Topic, UNABLE } from './words'

/** One thing that happens: an event without its envelope. */
export type Beat = {
  [T in LifecycleEvent['type']]: {
    at: number
    aggregateId: string
    type: T
    payload: EventNamed<T>['payload']
    actor: Actor
    source: Source
    reason: string | null
    /** Made without network and heard later, in milliseconds. */
    heardAfter?: number
  }
}[LifecycleEvent['type']]

export interface Job {
  id: string
  number: string
  createdAt: number
  team: StoryTeam
  city: CityName
  customer: StoryCustomer
  site: StorySite
  contact: StoryContact
  asset: StoryAsset | null
  contract: StoryContract
  project: StoryProject | null
  phase: StoryPhase | null
  topic: Topic
  type: StoryOrderType
  priority: StoryPriority
  title: string
  text: string
  place: string
  durationMin: number
  crew: number
  remote: boolean
  origin: 'crm' | 'phone' | 'link'
  promise: Window | null
  /** When the work should begin and until when, as the dispatcher plans it. */
  window: Window
  day: LocalDate
  dueAt: number
  contactedAt: number
  triagedAt: number
  pinned: StoryEngineer | null
  trips: Trip[]
  repeatOf: Job | null
  /** The order that its reopening made. */
  repeatedBy: Job | null
  /** Nobody dispatches it: it stays in the queue of the day. */
  left: boolean
  end: { kind: 'cancelled' | 'done' | 'cannot'; at: number } | null
  cancel: { after: number } | null
  hold: { cause: HoldCause; responsibility: Responsibility; reason: string; days: number } | null
  movedBy: 'customer' | 'us' | null
  /** Today's open question: an offer that was declined minutes ago. */
  declined: {
    visitId: string
    engineer: StoryEngineer
    start: number
    end: number
    offeredAt: number
    declinedAt: number
  } | null
}

/** One visit, planned and, when its day has come, made. */
export interface Trip {
  id: string
  job: Job
  engineer: StoryEngineer
  role: 'lead' | 'member'
  mode: 'onsite' | 'remote'
  day: LocalDate
  start: number
  end: number
  travelMin: number
  dispatchedAt: number
  made: Made | null
  /** The customer did not sign: when and why. */
  rejected: { at: number; words: string } | null
}

/** An engineer's day while it is being planned. */
interface Hands {
  engineer: StoryEngineer
  free: number
  from: { lat: number; lng: number }
  until: number
  trips: Trip[]
  busyMin: number
  /** Away in the afternoon. */
  away: boolean
}

interface Slot {
  hands: Hands
  start: number
  end: number
  travelMin: number
}

export interface Made {
  departedAt: number
  arrivedAt: number
  startedAt: number
  finishedAt: number
  result: 'done' | 'partial' | 'unable'
  words: string | null
  foreseeable: boolean | null
  grade: Grade
  reasons: Reason[]
  fix: Coordinates
  fixAgeSec: number
  pause: { from: number; to: number; reason: string } | null
  lateMin: number
  heardAfter: number
}

export interface World {
  seed: string
  now: number
  today: LocalDate
  company: StoryCompany
  people: StoryPeople
  customers: StoryCustomers
  projects: StoryProjects
}

/** 0 on the first day of the pilot, 1 today: people and rules learn. */
export const learned = (world: World, date: LocalDate): number =>
  Math.min(
    1,
    Math.max(
      0,
      daysBetween(world.company.liveSince, date) / Math.max(1, daysBetween(world.company.liveSince, world.today)),
    ),
  )

/** How busy a day is against an ordinary Wednesday. */
export function pressure(date: LocalDate): number {
  if (!isWorkday(date)) {
    const longBreak = !isWorkday(addDays(date, -3)) && !isWorkday(addDays(date, 3))
    return longBreak ? 0.05 : 0.1
  }
  let factor = [0.7, 1.22, 1.07, 1, 0.96, 0.9, 0.7][weekday(date)]!
  if (isMakeUpDay(date)) factor = 0.65
  if (workdaysLeftInMonth(date) <= 3) factor *= 1.2
  const offBefore = [1, 2, 3].every((d) => !isWorkday(addDays(date, -d)))
  const offAfter = [1, 2, 3].every((d) => !isWorkday(addDays(date, d)))
  if (offBefore) factor *= 1.35
  if (offAfter) factor *= 0.75
  return factor
}

/** Orders an engineer brings on an ordinary day. */
const RATE = 1.24

const HOURS: Readonly<Record<string, number>> = {
  7: 2,
  8: 9,
  9: 18,
  10: 17,
  11: 11,
  12: 4,
  13: 9,
  14: 13,
  15: 11,
  16: 9,
  17: 6,
  18: 3,
  19: 2,
  20: 1.5,
  21: 1,
}

/** Minutes from door to door, as the product itself reckons them. */
export const roadMin = (a: { lat: number; lng: number }, b: { lat: number; lng: number }): number =>
  travelMin({ ...a, datum: 'gcj02' }, { ...b, datum: 'gcj02' }).travelMin

const roundTo = (ms: number, minutes: number) => Math.ceil(ms / (minutes * MINUTE)) * minutes * MINUTE

/** The line of the contract that fits best: of the type of work, else of any. */
export const targetOf = (job: Pick<Job, 'contract' | 'priority' | 'type'>): StorySlaLine => {
  const lines = job.contract.sla.filter((t) => t.priority === job.priority)
  return (lines.find((t) => t.type === job.type) ?? lines.find((t) => t.type === null))!
}

export class Work {
  readonly jobs: Job[] = []
  readonly trips: Trip[] = []
  readonly #rng: Rng
  /** Holds, by the order that they stopped. */
  readonly held = new Map<Job, NonNullable<Job['hold']> & { from: number; until: number }>()
  #backlog: Job[] = []
  /** When a machine, or a kind of trouble at a site, was last reported. */
  readonly #mended = new Map<string, number>()
  #repeats: { on: LocalDate; job: Job }[] = []
  readonly #visitsTo = new Map<string, number>()
  readonly #customersOf = new Map<string, { customers: StoryCustomer[]; weights: Map<string, number> }>()
  readonly #sitesOf = new Map<string, StorySite[]>()
  readonly #assetsOf = new Map<string, StoryAsset[]>()

  constructor(readonly world: World) {
    this.#rng = new Rng(`${world.seed}/work/${world.today}`)
    for (const site of world.customers.sites) push(this.#sitesOf, site.customerId, site)
    for (const asset of world.customers.assets) push(this.#assetsOf, asset.siteId, asset)
  }

  /** From the first day to three days ahead, for which only the plan is made. */
  run(): void {
    const { company, today } = this.world
    const last = addDays(today, 14)
    for (let date = company.liveSince; date <= last; date = addDays(date, 1)) {
      if (date <= today) this.#arrive(date)
      this.#work(date)
    }
    const minute = minuteOf(this.world.now)
    const open = isWorkday(today) && minute >= clock(8, 30) && minute < clock(18, 30)
    this.#queue(open ? 10 : 5)
    this.#remoteNow()
    this.#declinedNow()
  }

  // ── demand ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #arrive(date: LocalDate): void {
    const rng = this.#rng
    // The day that the demo shows is a full one, so the days before it bring a little more.
    const factor = pressure(date) * (daysBetween(date, this.world.today) <= 5 ? 1.15 : 1)
    for (const team of this.world.company.teams) {
      if (!team.liveSince || team.liveSince > date || team.kind !== 'team') continue
      for (const city of team.cities) {
        const hands = this.world.people.engineers.filter((e) => e.teamKey === team.key && e.city === city).length
        const count = rng.poisson(hands * RATE * factor)
        for (let i = 0; i < count; i++) this.#job(date, team, city, {})
      }
    }
    if (isWorkday(date)) this.#projectWork(date)
    for (const { job } of this.#repeats.filter((r) => r.on === date))
      this.#job(date, job.team, job.city, { repeatOf: job })
  }

  /** Projects ask for work of the phase that they are in. */
  #projectWork(date: LocalDate): void {
    const rng = this.#rng
    const wants: Partial<Record<PhaseKey, StoryOrderType>> = {
      survey: 'survey',
      deploy: 'install',
      training: 'train',
      trial: 'inspect',
    }
    for (const project of this.world.projects.projects) {
      if (project.pause && project.pause.since <= date) continue
      const phase = project.phases.find(
        (p) => p.actualStart && p.actualStart <= date && (!p.actualEnd || p.actualEnd >= date),
      )
      const type = phase && wants[phase.key]
      const team = this.world.company.teams.find((t) => t.id === project.teamId)!
      if (!type || !team.liveSince || team.liveSince > date || !rng.chance(0.42)) continue
      const customer = this.world.customers.customers.find((c) => c.id === project.customerId)!
      this.#job(date, team, customer.city, { project, phase, customer, type: rng.chance(0.25) ? 'repair' : type })
    }
  }

  #job(
    date: LocalDate,
    team: StoryTeam,
    city: CityName,
    given: {
      project?: StoryProject
      phase?: StoryPhase
      customer?: StoryCustomer
      type?: StoryOrderType
      repeatOf?: Job
      createdAt?: number
      priority?: StoryPriority
    },
  ): Job | null {
    const rng = this.#rng
    const origin = given.repeatOf
    const customer = origin?.customer ?? given.customer ?? this.#pickCustomer(team, city)
    if (!customer) return null
    const sites = this.#sitesOf.get(customer.id)!
    const monthEnd = workdaysLeftInMonth(date) <= 3
    const draw = () => {
      const site = origin?.site ?? (given.project ? sites[0]! : rng.pickBy(sites, (s) => (s.isMain ? 3 : 1)))
      const assets = this.#assetsOf.get(site.id)!
      const fitting = (type: StoryOrderType | undefined) =>
        TOPICS.filter(
          (t) =>
            (!type || t.type === type) &&
            (t.industries === 'all' || t.industries.includes(customer.industry)) &&
            (!t.asset || t.type === 'install' || assets.some((a) => a.key === t.asset)),
        )
      const wanted = fitting(given.type)
      const topic =
        origin?.topic ??
        rng.pickBy(
          wanted.length > 0 ? wanted : fitting(undefined),
          (t) => t.weight * (t.monthEnd && monthEnd ? 2.2 : 1),
        )
      const own = topic.asset && topic.type !== 'install' ? assets.filter((a) => a.key === topic.asset) : []
      const asset = origin?.asset ?? (own.length > 0 ? rng.pick(own) : null)
      return { site, topic, asset }
    }
    let drawn = draw()
    // What was mended lately works: it breaks again only where the story says so.
    const fresh = (d: typeof drawn) =>
      d.topic.type !== 'repair' || at(date) - (this.#mended.get(mendedKey(d)) ?? 0) > 34 * DAY
    for (let tries = 0; !origin && !fresh(drawn) && tries < 14; tries++) drawn = draw()
    const { site, topic, asset } = drawn
    if (topic.type === 'repair') this.#mended.set(mendedKey(drawn), at(date))
    const place = asset?.place ?? placeFor(rng, customer, { asset: topic.asset, skill: topic.skill })
    const contacts = this.world.customers.contacts.filter((c) => c.customerId === customer.id)
    const contact = rng.pickBy(contacts, (c) => (c.siteId === site.id ? 4 : 1))
    const workday = isWorkday(date)
    const hour = workday ? Number(rng.weigh(HOURS)) : rng.int(8, 20)
    const createdAt = given.createdAt ?? at(date, clock(hour, rng.int(0, 59))) + rng.int(0, 59) * 1000
    const priority =
      given.priority ??
      (topic.type === 'repair'
        ? rng.weigh(
            workday ? { urgent: 7, high: 27, normal: 52, low: 14 } : { urgent: 34, high: 36, normal: 25, low: 5 },
          )
        : rng.weigh({ urgent: 0, high: 3, normal: 62, low: 35 }))
    const learnt = learned(this.world, date)
    const remote = topic.type !== 'install' && rng.chance(topic.remote * (0.75 + 0.35 * learnt))
    const { day, window } = this.#wish(date, createdAt, priority, topic)
    const promised = priority === 'urgent' || priority === 'high' || rng.chance(0.5)
    const contactedAt = this.#contactAt(createdAt, priority, customer, learnt)
    const job: Job = {
      id: rng.uuid(createdAt),
      number: '',
      createdAt,
      team,
      city,
      customer,
      site,
      contact,
      asset,
      contract: this.world.customers.contracts.find((c) => c.customerId === customer.id)!,
      project: given.project ?? null,
      phase: given.phase ?? null,
      topic,
      type: topic.type,
      priority,
      title: `${customer.shortName}${site.isMain ? '' : ` ${site.name}`} ${topic.title}`,
      text: origin
        ? `${rng.pick(['上次修过没几天又坏了', '同样的问题又出现了', '和上次一样'])}，${place}，${rng.pick(topic.asks)}。请换一位有经验的工程师看看。`
        : requestText(
            rng,
            topic,
            customer.industry,
            priority === 'urgent' || priority === 'high',
            place,
            asset ? `${asset.model} ${asset.serial}` : null,
          ),
      place,
      durationMin: roundMinutes(topic.durationMin * rng.between(0.85, 1.2) * (remote ? 0.6 : 1)),
      crew: topic.crew && !remote && rng.chance(0.3) ? topic.crew : 1,
      remote,
      origin: rng.weigh({ crm: 46, phone: 40, link: 14 }),
      promise: promised ? window : null,
      window,
      day,
      dueAt: 0,
      contactedAt,
      triagedAt: Math.max(createdAt + rng.int(2, 7) * MINUTE, contactedAt - rng.int(-4, 6) * MINUTE),
      pinned: null,
      trips: [],
      repeatOf: origin ?? null,
      repeatedBy: null,
      left: false,
      end: null,
      cancel: null,
      hold: null,
      movedBy: null,
      declined: null,
    }
    const target = targetOf(job)
    job.dueAt =
      priority === 'urgent' || (priority === 'high' && target.targets.calendar === 'always')
        ? createdAt + target.targets.resolveMin * MINUTE
        : at(addWorkdays(day, 1), clock(18))
    if (job.repeatOf) job.repeatOf.repeatedBy = job
    if (priority !== 'urgent' && !origin && !given.project) this.#fate(job, rng)
    this.jobs.push(job)
    this.#backlog.push(job)
    return job
  }

  /** What will disturb the order, decided when it comes in. */
  #fate(job: Job, rng: Rng): void {
    const fate = rng.weigh({ calm: 890, cancel: 28, hold: 28, move: 54 })
    if (fate === 'cancel') job.cancel = { after: rng.int(25, 300) }
    else if (fate === 'move') job.movedBy = rng.chance(0.72) ? 'customer' : 'us'
    else if (fate === 'hold') {
      const cause = rng.weigh({ customer: 46, parts: 26, product: 16, window: 12 })
      job.hold = {
        cause,
        responsibility: cause === 'product' ? 'product' : cause === 'parts' ? 'us' : 'customer',
        reason: rng.pick(HOLDS[cause]),
        days: rng.int(1, cause === 'window' ? 8 : 5),
      }
    }
  }

  #pickCustomer(team: StoryTeam, city: CityName): StoryCustomer | null {
    const key = `${team.key}/${city}`
    let known = this.#customersOf.get(key)
    if (!known) {
      const customers = this.world.customers.customers.filter((c) => c.teamKey === team.key && c.city === city)
      known = { customers, weights: new Map(customers.map((c) => [c.id, c.weight])) }
      this.#customersOf.set(key, known)
    }
    return known.customers.length === 0 ? null : this.#rng.pickBy(known.customers, (c) => known.weights.get(c.id)!)
  }

  #wish(date: LocalDate, createdAt: number, priority: StoryPriority, topic: Topic): { day: LocalDate; window: Window } {
    const rng = this.#rng
    const minute = minuteOf(createdAt)
    const on = (day: LocalDate, from: number, to: number) => ({
      day,
      window: { start: at(day, from), end: at(day, to) },
    })
    const half = (day: LocalDate) => {
      // What takes half a day or more begins in the morning.
      const long = topic.durationMin > 130
      const [from, to] = rng.pick(
        [
          [clock(9), clock(11)],
          [clock(9, 30), clock(11, 30)],
          [clock(10), clock(12)],
          [clock(13, 30), clock(15, 30)],
          [clock(14), clock(16)],
          [clock(15), clock(17)],
        ].slice(0, long ? 2 : 6) as [number, number][],
      )
      return on(day, from, to)
    }
    if (priority === 'urgent') {
      if (minute < clock(19, 30)) {
        const start = roundTo(createdAt + 45 * MINUTE, 15)
        return { day: date, window: { start, end: start + 120 * MINUTE } }
      }
      return on(addDays(date, 1), clock(8, 30), clock(10, 30))
    }
    if (priority === 'high' && minute < clock(14, 30) && isWorkday(date)) {
      const start = Math.max(roundTo(createdAt + 75 * MINUTE, 30), at(date, clock(9)))
      return { day: date, window: { start, end: Math.min(start + 240 * MINUTE, at(date, clock(18))) } }
    }
    if (priority === 'high') return half(nextWorkday(date))
    if (topic.type === 'repair' && minute < clock(10, 30) && isWorkday(date) && rng.chance(0.3))
      return on(date, clock(14), clock(17))
    const ahead = priority === 'normal' && topic.type === 'repair' ? rng.pick([1, 1, 1, 2, 2, 3]) : rng.int(2, 6)
    return half(addWorkdays(date, ahead))
  }

  /** First call to the customer: at once in office hours, the next morning otherwise, the duty phone for what is urgent. */
  #contactAt(createdAt: number, priority: StoryPriority, customer: StoryCustomer, learnt: number): number {
    const rng = this.#rng
    const median = { urgent: 6, high: 13, normal: 26, low: 55 }[priority] * (1.35 - 0.6 * learnt)
    const wait = Math.max(2, rng.skewed(median, 0.55)) * MINUTE
    const date = dateOf(createdAt)
    const minute = minuteOf(createdAt)
    const open = isWorkday(date) && minute >= clock(8, 30) && minute < clock(18)
    if (open) return createdAt + wait
    if (priority === 'urgent' || (priority === 'high' && customer.tier === 'gold'))
      return createdAt + wait + rng.int(3, 12) * MINUTE
    const morning = isWorkday(date) && minute < clock(8, 30) ? date : nextWorkday(date)
    return at(morning, clock(8, 32)) + rng.int(0, 50) * MINUTE
  }

  /**
   * What makes today's queue: besides what came in by itself, enough orders that nobody has given away yet, one of
   * them an emergency of a few minutes ago. `count` is how many the queue should hold now.
   */
  #queue(count: number): void {
    const { now, company } = this.world
    const rng = this.#rng.fork('queue')
    const open = this.jobs.filter(
      (job) => job.createdAt <= now && (!job.end || job.end.at > now) && !this.held.has(job) && this.#waitsAt(job, now),
    ).length
    const teams = company.teams.filter((t) => t.kind === 'team' && t.liveSince)
    const emergencyTeam = teams.find((t) => t.key === 'east.sh1')!
    const wanted = Math.max(2, count - open)
    for (let i = 0; i < wanted; i++) {
      const emergency = i === 0
      const team = emergency ? emergencyTeam : teams[(i * 2 + 1) % teams.length]!
      const city = rng.pick(team.cities)
      // Back through the last working hours, the nearest a quarter of an hour ago.
      const createdAt = emergency ? now - 9 * MINUTE : this.#backThroughDays(now, 15 + i * rng.int(22, 48))
      if (dateOf(createdAt) < company.liveSince) continue
      const customer = emergency ? this.world.customers.customers.find((c) => c.key === 'xinghai') : undefined
      const job = this.#job(dateOf(createdAt), team, city, {
        createdAt,
        customer,
        priority: emergency ? 'urgent' : rng.weigh({ urgent: 0, high: 28, normal: 52, low: 20 }),
        type: emergency ? 'repair' : undefined,
      })
      if (!job) continue
      job.left = true
      job.cancel = null
      job.hold = null
      job.movedBy = null
      if (emergency) {
        job.contactedAt = now - 5 * MINUTE
        job.triagedAt = now - 4 * MINUTE
      }
      this.special.set(emergency ? 'emergency' : `queue${i}`, job)
    }
  }

  /** The orders that the day shows on purpose. */
  readonly special = new Map<string, Job>()

  /** A colleague helps a customer from the desk just now, between two visits. */
  #remoteNow(): void {
    const { now, today, people, company } = this.world
    const from = now - 24 * MINUTE
    const until = now + 30 * MINUTE
    const minute = minuteOf(now)
    if (!isWorkday(today) || minute < clock(9, 30) || minute > clock(17, 30)) return
    const idle = people.engineers.find(
      (e) =>
        e.regionKey === 'east' &&
        e.userName !== DEMO_ENGINEER &&
        !isAway(people.absences, e.id, from, until) &&
        !this.trips.some((t) => {
          if (t.engineer.id !== e.id || t.day !== today) return false
          const begins = Math.min(t.start - t.travelMin * MINUTE, t.made?.departedAt ?? t.start)
          return begins < until + 10 * MINUTE && Math.max(t.end, t.made?.finishedAt ?? 0) > from - 10 * MINUTE
        }),
    )
    if (!idle) return
    const team = company.teams.find((t) => t.key === idle.teamKey)!
    const job = this.#job(today, team, idle.city, { createdAt: now - 85 * MINUTE, priority: 'high', type: 'repair' })
    if (!job) return
    Object.assign(job, { left: true, cancel: null, hold: null, movedBy: null, remote: true, crew: 1, durationMin: 45 })
    job.contactedAt = now - 74 * MINUTE
    job.triagedAt = now - 70 * MINUTE
    const trip: Trip = {
      id: this.#rng.uuid(now - 60 * MINUTE),
      job,
      engineer: idle,
      role: 'lead',
      mode: 'remote',
      day: today,
      start: from,
      end: from + 45 * MINUTE,
      travelMin: 0,
      dispatchedAt: now - 60 * MINUTE,
      made: {
        departedAt: from,
        arrivedAt: from,
        startedAt: from,
        finishedAt: now + 19 * MINUTE,
        result: 'done',
        words: null,
        foreseeable: null,
        grade: 'A',
        reasons: [],
        fix: { ...idle.home, datum: 'gcj02' },
        fixAgeSec: 0,
        pause: null,
        lateMin: 0,
        heardAfter: 0,
      },
      rejected: null,
    }
    job.trips.push(trip)
    this.trips.push(trip)
    job.end = { kind: 'done', at: trip.made!.finishedAt }
    this.special.set('remote', job)
  }

  /** An offer of a few minutes ago was declined and waits for the dispatcher. */
  #declinedNow(): void {
    const { now } = this.world
    for (const [key, job] of this.special) {
      if (!key.startsWith('queue') || job.triagedAt > now - 16 * MINUTE) continue
      for (const [ahead, hour] of [
        [1, 15],
        [1, 10],
        [2, 14],
        [3, 10],
      ] as const) {
        const start = at(addWorkdays(dateOf(now), ahead), clock(hour))
        const end = start + Math.min(150, job.durationMin) * MINUTE
        const engineer = this.world.people.engineers.find(
          (e) =>
            e.teamKey === job.team.key &&
            e.city === job.city &&
            e.userName !== DEMO_ENGINEER &&
            !isAway(this.world.people.absences, e.id, start - 120 * MINUTE, end) &&
            !this.trips.some(
              (t) => t.engineer.id === e.id && t.start - t.travelMin * MINUTE < end && t.end > start - 90 * MINUTE,
            ),
        )
        if (!engineer) continue
        const visitId = this.#rng.uuid(now - 13 * MINUTE)
        job.declined = { visitId, engineer, start, end, offeredAt: now - 13 * MINUTE, declinedAt: now - 6 * MINUTE }
        this.special.set('declined', job)
        return
      }
    }
  }

  #waitsAt(job: Job, when: number): boolean {
    const last = job.trips.filter((t) => t.dispatchedAt <= when).at(-1)
    if (!last) return true
    const made = last.made
    return made !== null && made.finishedAt <= when && made.result !== 'done' && (job.end === null || job.end.at > when)
  }

  /** `minutes` of office time before an instant. */
  #backThroughDays(from: number, minutes: number): number {
    let left = minutes
    let when = from
    while (left > 0) {
      when -= MINUTE
      const minute = minuteOf(when)
      if (isWorkday(dateOf(when)) && minute >= clock(8, 30) && minute < clock(18)) left--
    }
    return when
  }

  // ── the day ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #work(date: LocalDate): void {
    const { today, people } = this.world
    const workday = isWorkday(date)
    const crew = new Map<string, Hands>()
    for (const engineer of people.engineers) {
      const team = this.world.company.teams.find((t) => t.key === engineer.teamKey)!
      if (!team.liveSince || team.liveSince > date) continue
      const onDuty = workday || dutyOn(people.engineers, engineer.teamKey, date)?.id === engineer.id
      if (!onDuty || isAway(people.absences, engineer.id, at(date, clock(9)), at(date, clock(12)))) continue
      const from = workday && engineer.shiftKey === 'hospital' ? clock(8) : clock(9)
      crew.set(engineer.id, {
        engineer,
        free: at(date, from),
        from: engineer.home,
        until: at(date, from + 540),
        trips: [],
        busyMin: 0,
        away: isAway(people.absences, engineer.id, at(date, clock(13)), at(date, clock(18))),
      })
    }

    const due = this.#backlog
      .filter((job) => job.day <= date && !job.left)
      .sort((a, b) => a.window.start - b.window.start || a.createdAt - b.createdAt)
    const waiting = new Set(due)
    for (const job of due) {
      if (job.cancel && job.trips.length === 0 && date <= today) {
        job.end = {
          kind: 'cancelled',
          at: Math.min(job.createdAt + job.cancel.after * MINUTE, job.window.start - 30 * MINUTE),
        }
        if (job.end.at <= job.triagedAt + MINUTE) job.end.at = job.triagedAt + 5 * MINUTE
        waiting.delete(job)
        this.#drop(job)
        continue
      }
      if (job.hold && job.trips.length === 0) {
        // The hold is told at its start; the work goes on when it ends.
        job.day = addWorkdays(date, job.hold.days)
        job.window = { start: at(job.day, clock(10)), end: at(job.day, clock(16)) }
        const held = job.hold
        job.hold = null
        this.held.set(job, {
          ...held,
          from: Math.max(job.triagedAt + 20 * MINUTE, at(date, clock(9, 5))),
          until: at(job.day, clock(9, 2)),
        })
        waiting.delete(job)
        continue
      }
      if (!workday && job.priority !== 'urgent' && !(job.priority === 'high' && job.customer.tier === 'gold')) {
        this.#tomorrow(job, nextWorkday(date), date)
        waiting.delete(job)
        continue
      }
      const chosen = this.#choose(job, crew, date)
      if (!chosen) {
        this.#tomorrow(job, job.priority === 'urgent' ? addDays(date, 1) : nextWorkday(date), date)
        continue
      }
      this.#drop(job)
      this.#book(job, chosen, date, crew)
    }
    if (date <= today) for (const hands of crew.values()) this.#make(hands, date)
  }

  #tomorrow(job: Job, day: LocalDate, from: LocalDate): void {
    // What nobody has promised moves freely; a promise stays and is missed.
    const shift = daysBetween(from, day) * DAY
    job.day = day
    const start = Math.max(at(day, clock(9)), Math.min(job.window.start + shift, at(day, clock(17) - job.durationMin)))
    job.window = { start, end: start + 120 * MINUTE }
  }

  #drop(job: Job): void {
    this.#backlog = this.#backlog.filter((other) => other !== job)
  }

  #choose(job: Job, crew: Map<string, Hands>, date: LocalDate): Slot[] | null {
    const rng = this.#rng
    const need = job.topic
    const team = [...crew.values()].filter((h) => h.engineer.teamKey === job.team.key)
    const local = team.filter((h) => h.engineer.city === job.city)
    const near = job.priority === 'urgent' && local.length === 0 ? team : local
    const level = (h: Hands) => h.engineer.skills.find((s) => s.code === need.skill)?.level ?? 0
    const able = near.filter((h) => level(h) >= need.level)
    const willing = able.length > 0 ? able : near.filter((h) => level(h) > 0)
    const slots = (willing.length > 0 ? willing : near)
      .map((hands) => this.#slot(job, hands, date))
      .filter((slot) => slot !== null)
    if (slots.length < job.crew) {
      if (job.crew > 1 && slots.length > 0) job.crew = 1
      else if (slots.length === 0) return null
    }
    const cost = (slot: Slot) =>
      slot.travelMin +
      slot.hands.busyMin * 0.12 +
      Math.max(0, slot.start - job.window.end) / MINUTE +
      Math.max(0, slot.start - job.window.start) / MINUTE / 4 -
      Math.min(4, this.#visitsTo.get(`${slot.hands.engineer.id}/${job.customer.id}`) ?? 0) * 4 -
      (job.pinned === slot.hands.engineer ? 60 : 0) -
      (date === this.world.today && slot.hands.engineer.userName === DEMO_ENGINEER ? 45 : 0) +
      rng.between(0, 12)
    const ranked = slots.map((slot) => ({ slot, cost: cost(slot) })).sort((a, b) => a.cost - b.cost)
    const chosen = ranked.slice(0, job.crew).map((r) => r.slot)
    if (job.crew > 1) {
      // Both begin together: when the later of the two is free.
      const start = Math.max(...chosen.map((s) => s.start))
      const end = start + job.durationMin * MINUTE
      if (chosen.some((s) => end > s.hands.until + 60 * MINUTE)) {
        job.crew = 1
        return chosen.slice(0, 1)
      }
      return chosen.map((s) => ({ ...s, start, end }))
    }
    return chosen
  }

  #slot(job: Job, hands: Hands, date: LocalDate): Slot | null {
    const first = hands.trips.length === 0
    const travelMin = job.remote ? 0 : roadMin(hands.from, job.site.gcj02)
    // The way to the first customer is mostly made before the shift.
    const ready = first ? hands.free + Math.max(0, travelMin - 35) * MINUTE : hands.free + travelMin * MINUTE
    let start = roundTo(
      Math.max(ready, job.window.start, job.day === dateOf(job.createdAt) ? job.createdAt + 40 * MINUTE : 0),
      15,
    )
    const minute = minuteOf(start)
    if (minute >= clock(11, 40) && minute < clock(13) && job.priority !== 'urgent') start = at(date, clock(13, 15))
    const end = start + job.durationMin * MINUTE
    const urgent = job.priority === 'urgent'
    const limit = urgent ? at(date, clock(21, 30)) : hands.until + 20 * MINUTE
    if (end > limit || start < job.createdAt + 25 * MINUTE) return null
    if (hands.away && end > at(date, clock(13))) return null
    if (dateOf(start) !== date) return null
    // Beyond a promise by half a day it is better to agree on another day.
    if (!urgent && start > job.window.end + 240 * MINUTE) return null
    return { hands, start, end, travelMin }
  }

  #book(job: Job, slots: Slot[], date: LocalDate, crew: Map<string, Hands>): void {
    const rng = this.#rng
    const dispatchedAt = this.#dispatchAt(job, slots[0]!.start, date)
    for (const [i, slot] of slots.entries()) {
      const hands = crew.get(slot.hands.engineer.id)!
      const trip: Trip = {
        id: rng.uuid(dispatchedAt + i),
        job,
        engineer: hands.engineer,
        role: i === 0 ? 'lead' : 'member',
        mode: job.remote ? 'remote' : 'onsite',
        day: date,
        start: slot.start,
        end: slot.end,
        travelMin: slot.travelMin,
        dispatchedAt,
        made: null,
        rejected: null,
      }
      job.trips.push(trip)
      this.trips.push(trip)
      hands.trips.push(trip)
      hands.free = slot.end + (10 + Math.round(8 * learned(this.world, date))) * MINUTE
      hands.busyMin += job.durationMin + slot.travelMin
      if (!job.remote) hands.from = job.site.gcj02
      const key = `${hands.engineer.id}/${job.customer.id}`
      this.#visitsTo.set(key, (this.#visitsTo.get(key) ?? 0) + 1)
    }
  }

  /** When the dispatcher gave it away: soon after it was taken in, in office hours, and before it begins. */
  #dispatchAt(job: Job, start: number, date: LocalDate): number {
    const rng = this.#rng
    const previous = job.trips.at(-1)
    const held = this.held.get(job)
    const left = Math.max(previous?.made?.finishedAt ?? 0, previous?.rejected?.at ?? 0)
    const ready = Math.max(job.triagedAt, left, held?.until ?? 0) + rng.int(3, 40) * MINUTE
    const latest = start - (job.remote ? 12 : 30) * MINUTE
    if (ready >= latest) return Math.max(latest, job.triagedAt + MINUTE, left + MINUTE)
    const readyDay = dateOf(ready)
    // The plan of a day is made on the afternoon before; what comes in on the day is given away at once.
    const eve = at(addDays(date, -1), clock(15, 30)) + rng.int(0, 130) * MINUTE
    const asked = readyDay === date ? ready : Math.max(ready, rng.chance(0.98) ? ready : eve)
    const minute = minuteOf(asked)
    const officeHours = isWorkday(dateOf(asked)) && minute >= clock(8, 30) && minute < clock(18, 30)
    const morning = isWorkday(readyDay) && minute < clock(8, 30) ? dateOf(asked) : nextWorkday(dateOf(asked))
    const when = officeHours || job.priority === 'urgent' ? asked : at(morning, clock(8, 32)) + rng.int(0, 25) * MINUTE
    return Math.max(ready, Math.min(when, latest))
  }

  // ── what happens on the way and there ────────────────────────────────────────────────────────────────────────────

  #make(hands: Hands, date: LocalDate): void {
    const rng = this.#rng
    const learnt = learned(this.world, date)
    const roads = this.#roads(date)
    let free = at(date, clock(6, 30))
    for (const trip of hands.trips.sort((a, b) => a.start - b.start)) {
      const { job, engineer } = trip
      const { traits } = engineer
      const known = Math.max(trip.dispatchedAt, job.createdAt) + 12 * MINUTE
      const remote = trip.mode === 'remote'
      const drive = remote ? 0 : Math.max(6, Math.round(trip.travelMin * rng.between(0.82, 1.18) * roads))
      const dawdle = rng.chance(this.#tardy(trip, traits.tardy)) ? rng.int(25, 60) : 0
      const leave = trip.start - (drive + rng.int(2, 14)) * MINUTE + dawdle * MINUTE
      const usual = Math.max(leave, free + rng.int(3, 9) * MINUTE, known) + rng.int(0, 59) * 1000
      const departedAt = this.#heldUp(trip, drive, usual)
      const arrivedAt = remote ? departedAt : departedAt + drive * MINUTE + rng.int(0, 59) * 1000
      const startedAt = remote ? Math.max(trip.start, departedAt) : arrivedAt + rng.int(2, 9) * MINUTE
      const lateMin = Math.max(0, Math.round((arrivedAt - trip.start) / MINUTE))
      const unable = !remote && job.type !== 'train' && rng.chance(0.022)
      const partial =
        !unable &&
        trip.role === 'lead' &&
        job.crew === 1 &&
        job.trips.length < 3 &&
        rng.chance(job.type === 'repair' || job.type === 'install' ? 0.075 - 0.03 * learnt : 0.02)
      const seen = this.#visitsTo.get(`${engineer.id}/${job.customer.id}`) ?? 0
      const pace = traits.pace * (seen > 6 ? 0.93 : 1.03) * Math.exp(rng.normal(0, 0.2))
      const workMin = unable
        ? rng.int(12, 35)
        : Math.max(12, Math.min(job.durationMin * pace, job.durationMin * 1.7 + 20))
      const pausedMin = workMin > 80 && rng.chance(0.08) ? rng.int(10, 35) : 0
      const finishedAt = startedAt + Math.round((workMin + pausedMin) * MINUTE) + rng.int(0, 59) * 1000
      const cause = unable ? rng.pick(UNABLE) : null
      const look = this.#checkIn(trip, learnt)
      trip.made = {
        departedAt,
        arrivedAt,
        startedAt,
        finishedAt,
        result: unable ? 'unable' : partial ? 'partial' : 'done',
        words: cause?.words ?? (partial ? rng.pick(REMAINING) : null),
        foreseeable: cause ? cause.foreseeable : null,
        ...look,
        pause:
          pausedMin > 0
            ? {
                from: startedAt + Math.round(workMin * 0.5) * MINUTE,
                to: startedAt + Math.round(workMin * 0.5 + pausedMin) * MINUTE,
                reason: rng.pick(['客户会议占用，等 20 分钟', '午饭', '等停机窗口', '等对方厂商远程接入']),
              }
            : null,
        lateMin,
        heardAfter: rng.chance(0.04) ? rng.int(6, 95) * MINUTE : 0,
      }
      // Two together leave together.
      const partner = job.trips.find((t) => t !== trip && t.day === date && t.made && t.start === trip.start)
      if (partner?.made && trip.made) {
        trip.made.result = partner.made.result
        trip.made.words = partner.made.words
        trip.made.foreseeable = partner.made.foreseeable
      }
      free = finishedAt
      if (trip.role === 'lead') this.#afterwards(trip, date)
    }
  }

  #lateNow = 0
  /** Two engineers are late at this moment, still on the road: a working day has that, and the demo should show it. */
  #heldUp(trip: Trip, drive: number, usual: number): number {
    const { now, today } = this.world
    if (this.#lateNow >= 2 || trip.day !== today || trip.mode === 'remote' || trip.engineer.userName === DEMO_ENGINEER)
      return usual
    if (trip.start > now - 18 * MINUTE || trip.start < now - 70 * MINUTE) return usual
    const departedAt = now - Math.round(drive * 0.6) * MINUTE
    if (departedAt < usual) return usual
    this.#lateNow++
    return departedAt
  }

  #tardy(trip: Trip, usual: number): number {
    const { project } = trip.job
    if (project?.told === 'late_checkin' && daysBetween(trip.day, this.world.today) <= 12) return 0.75
    return usual * (1.2 - 0.5 * learned(this.world, trip.day))
  }

  readonly #roadsOn = new Map<LocalDate, number>()
  /** Rain, fog and Mondays: one factor a day. */
  #roads(date: LocalDate): number {
    let known = this.#roadsOn.get(date)
    if (known === undefined) {
      const rng = new Rng(`${this.world.seed}/roads/${date}`)
      known = (rng.chance(0.16) ? rng.between(1.18, 1.45) : rng.between(0.95, 1.08)) * (weekday(date) === 1 ? 1.06 : 1)
      this.#roadsOn.set(date, known)
    }
    return known
  }

  #afterwards(trip: Trip, date: LocalDate): void {
    const rng = this.#rng
    const { job } = trip
    const made = trip.made!
    if (made.result === 'done' && job.type === 'repair' && job.trips.length === 1 && rng.chance(0.018)) {
      trip.rejected = { at: made.finishedAt + rng.int(10, 150) * MINUTE, words: rng.pick(REJECTIONS) }
    } else if (made.result === 'done') {
      job.end = { kind: 'done', at: made.finishedAt }
      const learnt = learned(this.world, date)
      if (job.type === 'repair' && !job.repeatOf && job.project === null && rng.chance(0.052 - 0.018 * learnt)) {
        const again = addDays(date, rng.int(3, 18))
        if (again < this.world.today) this.#repeats.push({ on: again, job })
      }
      return
    }
    if (made.result === 'unable' && rng.chance(0.12)) {
      job.end = { kind: 'cannot', at: made.finishedAt + rng.int(30, 200) * MINUTE }
      return
    }
    const day = addWorkdays(date, made.result === 'partial' ? rng.int(1, 3) : rng.int(1, 4))
    job.day = day
    job.window = { start: at(day, clock(9)), end: at(day, clock(16)) }
    job.pinned = trip.engineer
    job.crew = 1
    job.remote = false
    job.durationMin = made.result === 'partial' ? roundMinutes(job.durationMin * 0.55) : job.durationMin
    this.#backlog.push(job)
  }

  #checkIn(trip: Trip, learnt: number): Pick<Made, 'grade' | 'reasons' | 'fix' | 'fixAgeSec'> {
    const rng = this.#rng
    const { site } = trip.job
    const wanted: Grade = rng.weigh({ A: 84 + 9 * learnt, B: 10 - 4 * learnt, C: 4.5 - 2.8 * learnt, D: 0.35 })
    const radius = site.radiusM
    const north = (metres: number) => ({ lat: site.gcj02.lat + metres / 111_195, lng: site.gcj02.lng })
    const [point, accuracyM, fixAgeSec]: [{ lat: number; lng: number }, number, number] =
      wanted === 'A'
        ? [near(rng, site.gcj02, radius * 0.6), rng.int(5, 28), rng.int(1, 15)]
        : wanted === 'B' && rng.chance(0.5)
          ? [near(rng, site.gcj02, radius * 0.9), rng.int(20, 60), rng.int(130, 420)]
          : wanted === 'B'
            ? [near(rng, site.gcj02, radius * 0.9), rng.int(110, 240), rng.int(2, 20)]
            : wanted === 'C'
              ? [north(radius + rng.int(180, 420)), rng.int(20, 90), rng.int(2, 60)]
              : [north(radius + rng.int(2500, 9000)), rng.int(10, 40), rng.int(2, 30)]
    const fix: Coordinates = { ...point, datum: 'gcj02', accuracyM, source: 'gps' }
    // The product's own rules say what the fix is worth.
    const graded = gradeCheckIn({
      at: trip.start,
      fix,
      fixAgeSec,
      site: { point: { ...site.gcj02, datum: 'gcj02' }, radiusM: radius },
      previous: null,
      identicalBefore: 0,
      deviceBound: true,
      skewMs: 0,
      code: null,
      photoSeenBefore: false,
    })
    return { ...graded, fix, fixAgeSec }
  }
}

const mendedKey = (d: { site: StorySite; topic: Topic; asset: StoryAsset | null }) =>
  `${d.site.id}/${d.asset?.id ?? d.topic.skill}`

const roundMinutes = (minutes: number) => Math.max(15, Math.round(minutes / 5) * 5)

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
