// Twelve ways to be somewhere else, and two hundred honest mornings. Each plays on the stage with the noise of real phones;
// none sets a signal by hand. What is honest to expect of a kind stands beside it.

import type { Seen } from '#lifecycle'
import { Phone } from '../../seed/builders/phone'
import type { Rng } from '../../seed/story/rng'
import { newId } from '../../src/platform/ids'
import { around, coldStart, type Place, Sensor } from './nature'
import { fixOf, type Graded, rngOf, Scene, type Stage } from './stage'

export interface Kind {
  key: string
  zh: string
  en: string
  /** Grades that count as caught: C and D, or what a rule of the domain allows at most. */
  caught: readonly Graded['grade'][]
  play: (s: Scene) => Promise<Graded>
}

const doubted = ['C', 'D'] as const

/** Somewhere else in town. */
const desk = (s: Scene): Place => around(s.rng, s.site, s.rng.between(3_000, 15_000))
/** Inside the building, off the point in the data. */
const inside = (s: Scene): Place => around(s.rng, s.site, s.rng.between(12, Math.min(90, s.site.radiusM * 0.4)))

async function onTheWay(s: Scene, from: Place, minutes: number) {
  const v = await s.visit()
  await s.depart(v, new Sensor(s.rng.fork('depart'), 'open').measure(from, s.now))
  s.wait(minutes)
  return v
}

const cut = (n: number, digits: number) => Number(n.toFixed(digits))

/** What a simple faking app or the developer tools give the browser: typed numbers, again and again the same. */
function typed(rng: Rng, p: Place, at: number, digits: number): Seen[] {
  const zero = rng.chance(0.6)
  const fix = {
    lat: cut(p.lat, digits),
    lng: cut(p.lng, digits),
    accuracyM: rng.pick([1, 3, 5, 10, 15]),
    altitudeM: zero ? 0 : null,
    altitudeAccuracyM: null,
    speedMps: zero ? 0 : null,
    headingDeg: null,
  }
  return Array.from({ length: rng.int(5, 12) }, (_, i) => ({ ...fix, at: at - i * 1_000 })).reverse()
}

export const kinds: Kind[] = [
  {
    key: 'simulated',
    zh: '手机自报位置是模拟的',
    en: 'The phone says that the position is simulated',
    caught: doubted,
    async play(s) {
      const v = await onTheWay(s, desk(s), s.rng.int(15, 50))
      const sensor = new Sensor(s.rng, 'open')
      const seen = sensor.watch(inside(s), s.now, 8)
      return s.checkIn(v, {
        seen,
        fix: { ...fixOf(seen.at(-1) as Seen, s.now), source: 'shell', mocked: true },
        hardware: sensor.hardware,
      })
    },
  },
  {
    key: 'copied',
    zh: '抄来的坐标',
    en: 'Coordinates copied from a map',
    caught: doubted,
    async play(s) {
      const v = await onTheWay(s, desk(s), s.rng.int(15, 50))
      const sensor = new Sensor(s.rng, 'open')
      return s.checkIn(v, { seen: typed(s.rng, inside(s), s.now, s.rng.int(4, 6)), hardware: sensor.hardware })
    },
  },
  {
    key: 'replayed',
    zh: '重放以前的签到',
    en: 'An earlier check-in sent again',
    caught: doubted,
    async play(s) {
      const sensor = new Sensor(s.rng, 'open')
      const first = await onTheWay(s, desk(s), 30)
      let caught: Record<string, unknown> = {}
      await s.checkIn(first, {
        seen: sensor.watch(inside(s), s.now, 8),
        hardware: sensor.hardware,
        mend: (body) => {
          caught = body
          return body
        },
      })
      await s.leave(first)
      s.wait(24 * 60)
      const v = await onTheWay(s, desk(s), 30)
      // Some change the time in it, which the signature does not forgive either.
      const fresh = s.rng.chance(0.5)
      return s.checkIn(v, {
        mend: () => ({
          ...caught,
          proof: { ...(caught.proof as object), ...(fresh ? { at: new Date(s.now).toISOString() } : {}) },
        }),
      })
    },
  },
  {
    key: 'teleport',
    zh: '瞬间到了另一个城市',
    en: 'In another city at once',
    caught: doubted,
    async play(s) {
      const far = s.rng.pick(s.stage.sites.filter((one) => one.id !== s.site.id))
      const v = await onTheWay(s, around(s.rng, far, 4_000), s.rng.int(10, 75))
      const sensor = new Sensor(s.rng, 'open')
      return s.checkIn(v, { seen: sensor.watch(inside(s), s.now, 8), hardware: sensor.hardware })
    },
  },
  {
    key: 'centre',
    zh: '人在办公室，位置设在站点正中',
    en: 'At a desk, with the position set to the site’s point',
    caught: doubted,
    async play(s) {
      const v = await onTheWay(s, desk(s), s.rng.int(15, 50))
      const sensor = new Sensor(s.rng, 'open')
      return s.checkIn(v, { seen: typed(s.rng, s.site, s.now, s.rng.int(6, 7)), hardware: sensor.hardware })
    },
  },
  {
    key: 'clock',
    zh: '把手机时间往回调，假装准时',
    en: 'The phone’s clock set back to look punctual',
    caught: doubted,
    async play(s) {
      const v = await onTheWay(s, desk(s), 0)
      const lateMin = s.rng.int(40, 150)
      s.wait(lateMin)
      const sensor = new Sensor(s.rng, 'open')
      const back = -(lateMin - s.rng.int(0, 20)) * 60_000
      // The product was open while the clock was set, or it was closed and knows only what it measured before.
      const watched = s.rng.chance(0.5)
      return s.checkIn(v, {
        seen: sensor.watch(inside(s), s.now, 8),
        hardware: sensor.hardware,
        clockMs: back,
        clockJumpMs: watched ? back : 0,
        // Online the server notices at once; offline the number and the last contact bound it.
        offline: s.rng.chance(0.5),
      })
    },
  },
  {
    key: 'colleague',
    zh: '同事拿自己的手机代签',
    en: 'A colleague checks in with his own phone',
    caught: doubted,
    async play(s) {
      const mate = await Scene.person(s.stage, '同事')
      const phone = new Phone(newId())
      await s.ready(mate, phone)
      const sensor = new Sensor(s.rng, 'open')
      const v = await onTheWay(s, desk(s), s.rng.int(15, 50))
      // Signed in as the absent one on the colleague's phone: the phone stays the colleague's.
      const { nonces } = (await s.does(s.actor, phone, 'nonce.issue', {}, { deviceId: phone.id, held: [] })) as {
        nonces: { id: string }[]
      }
      phone.nonces = nonces.map((n) => n.id)
      return s.checkIn(v, { seen: sensor.watch(inside(s), s.now, 8), hardware: sensor.hardware }, s.actor, phone)
    },
  },
  {
    key: 'code_by_phone',
    zh: '电话里问来到场码，不给定位（最高 B）',
    en: 'The code read out by phone, no position (B at most)',
    // The domain's rule: a code without a place is plausible, never verified.
    caught: ['B', 'C', 'D'],
    async play(s) {
      const v = await onTheWay(s, desk(s), s.rng.int(15, 50))
      const sensor = new Sensor(s.rng, 'open')
      return s.checkIn(v, {
        fix: null,
        hardware: sensor.hardware,
        code: { kind: 'customer', value: await s.codeOf(v) },
      })
    },
  },
  {
    key: 'photo',
    zh: '拿旧照片充数',
    en: 'A photo of another visit',
    caught: doubted,
    async play(s) {
      const sha256 = [...'0123456789abcdef'].map((c) => c + s.rng.int(100, 999)).join('')
      const first = await onTheWay(s, desk(s), 30)
      const old = await s.photo(first, sha256)
      const sensor = new Sensor(s.rng, 'open')
      await s.checkIn(first, { seen: sensor.watch(inside(s), s.now, 6), hardware: sensor.hardware, photos: [old] })
      await s.leave(first)
      s.wait(s.rng.int(1, 5) * 24 * 60)
      const v = await onTheWay(s, desk(s), 30)
      const again = await s.photo(v, sha256)
      // The place is right this time, or well made: the photo alone must tell.
      return s.checkIn(v, { seen: sensor.watch(inside(s), s.now, 8), hardware: sensor.hardware, photos: [again] })
    },
  },
  {
    key: 'datum',
    zh: '谎报坐标系，把几百米外说成现场',
    en: 'Another datum claimed, to shift the place',
    caught: doubted,
    async play(s) {
      const v = await onTheWay(s, desk(s), s.rng.int(15, 50))
      const sensor = new Sensor(s.rng, 'open')
      const seen = sensor.watch(around(s.rng, s.site, s.rng.between(420, 650)), s.now, 8)
      const best = fixOf(seen.at(-1) as Seen, s.now)
      const datum = s.rng.pick(['gcj02', 'bd09', 'unknown'])
      // Changed in the page before it signs, or on the way to the server after it did.
      return s.rng.chance(0.5)
        ? s.checkIn(v, { seen, fix: { ...best, datum }, hardware: sensor.hardware })
        : s.checkIn(v, {
            seen,
            hardware: sensor.hardware,
            mend: (body) => ({ ...body, fix: { ...(body.fix as object), datum, source: 'map' } }),
          })
    },
  },
  {
    key: 'cached',
    zh: '用上次留下的旧定位',
    en: 'An old position kept from the last time',
    caught: doubted,
    async play(s) {
      const sensor = new Sensor(s.rng, 'open')
      const kept = sensor.watch(inside(s), s.now, 4)
      s.wait(s.rng.int(60, 20 * 60))
      const v = await onTheWay(s, desk(s), s.rng.int(15, 50))
      return s.checkIn(v, { seen: kept, hardware: sensor.hardware })
    },
  },
  {
    key: 'desktop',
    zh: '电脑浏览器模拟手机（开发者工具、VPN）',
    en: 'A computer’s browser posing as a phone (developer tools, VPN)',
    caught: doubted,
    async play(s) {
      const v = await onTheWay(s, desk(s), s.rng.int(15, 50))
      const posing = s.rng.chance(0.7)
      return s.checkIn(v, {
        seen: typed(s.rng, inside(s), s.now, s.rng.int(4, 6)),
        hardware: {
          platform: s.rng.pick(['Win32', 'MacIntel', 'Linux x86_64']),
          mobile: posing,
          touch: posing ? 5 : 0,
        },
      })
    },
  },
]

/** What a web page cannot see: a position made with noise, height and uneven digits on the engineer's own phone. */
export const unseen: Kind = {
  key: 'well_made',
  zh: '高仿定位：带噪声、高度和完整位数，用本人手机（网页抓不到，不计入）',
  en: 'A well-made position with noise, on the engineer’s own phone (a page cannot see it; not counted)',
  caught: doubted,
  async play(s) {
    const v = await onTheWay(s, desk(s), s.rng.int(25, 60))
    const sensor = new Sensor(s.rng, 'open')
    return s.checkIn(v, { seen: sensor.watch(inside(s), s.now, 10), hardware: sensor.hardware })
  },
}

export const mornings = ['open', 'indoor', 'network', 'drift', 'metro', 'rail', 'datum', 'cold'] as const
export type Morning = (typeof mornings)[number]
export const morningWords: Record<Morning, { zh: string; en: string }> = {
  open: { zh: '户外', en: 'in the open' },
  indoor: { zh: '室内 60–150 米', en: 'indoors, 60–150 m' },
  network: { zh: '机房里的网络定位', en: 'network position in a machine room' },
  drift: { zh: '漂移', en: 'drift' },
  metro: { zh: '隧道、地铁', en: 'tunnel, metro' },
  rail: { zh: '高铁到外地', en: 'by high-speed rail' },
  datum: { zh: '站点坐标为 GCJ-02', en: 'the site in GCJ-02' },
  cold: { zh: '冷启动', en: 'cold start' },
}

/** An engineer who is where he says. */
export async function honest(s: Scene, morning: Morning): Promise<Graded> {
  const { rng } = s
  const truth = inside(s)
  const air = morning === 'indoor' || morning === 'metro' ? 'indoor' : morning === 'network' ? 'network' : 'open'
  const sensor = new Sensor(rng, air)
  let from = desk(s)
  let minutes = rng.int(15, 70)
  if (morning === 'rail') {
    const far = rng.pick(s.stage.sites.filter((one) => one.id !== s.site.id))
    const km = Math.hypot(far.lat - s.site.lat, (far.lng - s.site.lng) * 0.85) * 111
    from = around(rng, far, 3_000)
    // Door to door at 200–290 km/h in the mean: trains do 350, stations and taxis do not.
    minutes = Math.round((km / rng.between(200, 290)) * 60) + 20
  }
  const v = await s.visit()
  // A metro swallows the last position: it is the mouth of the tunnel, coarse and minutes old.
  const leaving = new Sensor(rng.fork('depart'), morning === 'metro' ? 'indoor' : 'open').measure(from, s.now)
  if (rng.chance(0.85)) await s.depart(v, leaving)
  else await s.depart(v)
  s.wait(minutes)
  const tapS = rng.int(4, 25)
  const seen =
    morning === 'cold'
      ? coldStart(rng, sensor, truth, s.now, Math.max(tapS, 14))
      : morning === 'drift'
        ? sensor.watch(around(rng, truth, rng.between(20, 80)), s.now, tapS)
        : sensor.watch(truth, s.now, tapS)
  const skewMs = Math.round(rng.chance(0.02) ? rng.between(-9, 9) * 60_000 : rng.between(-90, 90) * 1_000)
  const code = rng.chance(0.15) ? { kind: 'customer' as const, value: await s.codeOf(v) } : undefined
  // A long stretch without a network uses up the numbers now and then.
  if (rng.chance(0.02)) s.phone.nonces = []
  return s.checkIn(v, {
    seen,
    hardware: sensor.hardware,
    code,
    skewMs,
    clockMs: skewMs,
    clockJumpMs: rng.int(-800, 800),
    offline: rng.chance(0.25),
  })
}

export interface Tally {
  kind: Kind
  played: number
  caught: number
  missed: string[]
}

/** Plays every kind `each` times and `honestly` mornings; the seed decides about everything that chance decides. */
export async function measure(stage: Stage, o: { seed: number; each: number; honestly: number; unseen?: number }) {
  const tallies: Tally[] = []
  for (const kind of [...kinds, ...(o.unseen ? [unseen] : [])]) {
    const t: Tally = { kind, played: 0, caught: 0, missed: [] }
    for (let i = 0; i < (kind === unseen ? (o.unseen ?? 0) : o.each); i++) {
      const graded = await kind.play(await stage.scene(rngOf(o.seed, kind.key, i)))
      t.played++
      if (kind.caught.includes(graded.grade)) t.caught++
      else t.missed.push(`${i}: ${graded.grade} ${graded.reasons.map((r) => r.code).join(' ')}`)
    }
    tallies.push(t)
  }
  const honestBy = new Map<Morning, { played: number; grades: Record<string, number>; doubted: string[] }>()
  for (let i = 0; i < o.honestly; i++) {
    const morning = mornings[i % mornings.length] as Morning
    const graded = await honest(await stage.scene(rngOf(o.seed, `honest/${morning}`, i)), morning)
    const row = honestBy.get(morning) ?? { played: 0, grades: {}, doubted: [] }
    row.played++
    row.grades[graded.grade] = (row.grades[graded.grade] ?? 0) + 1
    if (graded.grade === 'C' || graded.grade === 'D')
      row.doubted.push(
        `${i}: ${graded.grade} ${graded.reasons.map((r) => `${r.code}${JSON.stringify(r.params)}`).join(' ')}`,
      )
    honestBy.set(morning, row)
  }
  return { tallies, honestBy }
}
