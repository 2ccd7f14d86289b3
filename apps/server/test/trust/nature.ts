// How phones measure. Numbers are what Android (fused and network positions) and iPhones give a browser: an error whose 68 %
// radius is the accuracy that they state, now and then twice that, an offset that wanders slowly, a cold start that
// comes from far.

import type { Seen } from '#lifecycle'
import type { Rng } from '../../seed/story/rng'

export type Place = { lat: number; lng: number }
export type Air = 'open' | 'indoor' | 'network'

const normal = (rng: Rng) => Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next())

export const moved = (p: Place, northM: number, eastM: number): Place => ({
  lat: p.lat + northM / 111_195,
  lng: p.lng + eastM / (111_195 * Math.cos((p.lat * Math.PI) / 180)),
})
/** A point at this distance in some direction. */
export function around(rng: Rng, p: Place, m: number): Place {
  const angle = rng.next() * 2 * Math.PI
  return moved(p, m * Math.sin(angle), m * Math.cos(angle))
}

export class Sensor {
  readonly ios: boolean
  /** A position by cells and Wi-Fi of a domestic phone: six decimals, whole accuracy, no height, the same until the next scan. */
  #network: Seen | null = null
  #drift = { north: 0, east: 0 }
  readonly #heightM: number

  constructor(
    readonly rng: Rng,
    readonly air: Air,
  ) {
    this.ios = rng.chance(0.35)
    this.#heightM = rng.between(2, 90)
  }

  get hardware() {
    return this.ios
      ? { platform: 'iPhone', mobile: true, touch: 5 }
      : { platform: this.rng.chance(0.8) ? 'Linux armv81' : 'Linux aarch64', mobile: true, touch: 5 }
  }

  #accuracy(): number {
    const { rng } = this
    if (this.air === 'open') return this.ios && rng.chance(0.3) ? rng.pick([5, 10]) : rng.between(3.5, 16)
    if (this.air === 'network') return rng.pick([30, 35, 40, 55, 60])
    return this.ios && rng.chance(0.4) ? 65 : rng.between(60, 150)
  }

  /** One answer at this instant for somebody who stands here. */
  measure(truth: Place, at: number): Seen {
    const { rng } = this
    if (this.#network && rng.chance(0.8)) return { ...this.#network, at }
    const accuracyM = this.#accuracy()
    // 68 % of a two-dimensional normal error lie within 1.51 σ.
    const sigma = (accuracyM / 1.51) * (rng.chance(0.04) ? 2 : 1)
    this.#drift = {
      north: this.#drift.north * 0.9 + normal(rng) * sigma * 0.3,
      east: this.#drift.east * 0.9 + normal(rng) * sigma * 0.3,
    }
    const p = moved(truth, this.#drift.north + normal(rng) * sigma * 0.8, this.#drift.east + normal(rng) * sigma * 0.8)
    const round = (n: number, digits: number) => Number(n.toFixed(digits))
    const digits = this.air === 'network' ? 6 : this.ios ? 13 : 7
    const height =
      this.air === 'network' ? null : this.air === 'indoor' && !this.ios && rng.chance(0.6) ? null : this.#heightM
    const seen: Seen = {
      lat: round(p.lat, digits),
      lng: round(p.lng, digits),
      accuracyM: this.ios ? accuracyM : Math.fround(accuracyM),
      altitudeM: height === null ? null : round(height + normal(rng) * 4, 3),
      altitudeAccuracyM: height === null ? null : round(rng.between(3, 20), 2),
      speedMps: this.air === 'open' && rng.chance(0.5) ? round(Math.abs(normal(rng)) * 0.4, 3) : null,
      headingDeg: null,
      at,
    }
    if (this.air === 'network') this.#network = seen
    return seen
  }

  /** What an open page sees in the seconds before the tap. */
  watch(truth: Place, tapAt: number, seconds: number): Seen[] {
    const out: Seen[] = []
    for (let s = seconds; s >= 0; s -= this.rng.between(0.9, 2.2)) out.push(this.measure(truth, tapAt - s * 1000))
    return out
  }
}

/** A cold start: the first answers are cells, kilometres wide; satellites come in after a while. */
export function coldStart(rng: Rng, sensor: Sensor, truth: Place, tapAt: number, seconds: number): Seen[] {
  const ready = rng.between(4, 12)
  const out: Seen[] = []
  for (let s = 0; s <= seconds; s += rng.between(0.9, 2)) {
    const at = tapAt - (seconds - s) * 1000
    if (s >= ready) out.push(sensor.measure(truth, at))
    else {
      const accuracyM = rng.between(300, 1800) * (1 - s / (ready * 1.6))
      const p = around(rng, truth, accuracyM * rng.between(0.1, 0.7))
      out.push({ ...sensor.measure(truth, at), lat: p.lat, lng: p.lng, accuracyM, altitudeM: null, at })
    }
  }
  return out
}
