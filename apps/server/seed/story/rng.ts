// The story's own dice: the same seed tells the same story on every machine. sfc32 seeded by a string hash
// (Chris Doty-Humphrey's PractRand generator; the hash is bryc's cyrb128), both in the public domain.

/** A deterministic source of chance. Forks are independent: adding a draw to one part leaves the others as they were. */
export class Rng {
  #a: number
  #b: number
  #c: number
  #d: number

  constructor(readonly seed: string) {
    let h1 = 1779033703
    let h2 = 3144134277
    let h3 = 1013904242
    let h4 = 2773480762
    for (let i = 0; i < seed.length; i++) {
      const k = seed.charCodeAt(i)
      h1 = h2 ^ Math.imul(h1 ^ k, 597399067)
      h2 = h3 ^ Math.imul(h2 ^ k, 2869860233)
      h3 = h4 ^ Math.imul(h3 ^ k, 951274213)
      h4 = h1 ^ Math.imul(h4 ^ k, 2716044179)
    }
    h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067)
    h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233)
    h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213)
    h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179)
    this.#a = (h1 ^ h2 ^ h3 ^ h4) >>> 0
    this.#b = (h2 ^ h1) >>> 0
    this.#c = (h3 ^ h1) >>> 0
    this.#d = (h4 ^ h1) >>> 0
    for (let i = 0; i < 12; i++) this.word()
  }

  /** An independent source for one part of the story. */
  fork(label: string): Rng {
    return new Rng(`${this.seed}/${label}`)
  }

  /** 32 random bits. */
  word(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0
    this.#d = (this.#d + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (this.#c << 21) | (this.#c >>> 11)
    this.#c = (this.#c + t) | 0
    return t >>> 0
  }

  /** In [0, 1). */
  next(): number {
    return this.word() / 4294967296
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low)
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('Nothing to pick from')
    return items[Math.floor(this.next() * items.length)] as T
  }

  /** One of the keys, by weight. */
  weigh<K extends string>(weights: Readonly<Record<K, number>>): K {
    const entries = Object.entries(weights) as [K, number][]
    let at = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [key, weight] of entries) {
      at -= weight
      if (at < 0) return key
    }
    return entries[entries.length - 1]![0]
  }

  /** One of the items, by the weight that `weightOf` gives it. */
  pickBy<T>(items: readonly T[], weightOf: (item: T) => number): T {
    let at = this.next() * items.reduce((sum, item) => sum + weightOf(item), 0)
    for (const item of items) {
      at -= weightOf(item)
      if (at < 0) return item
    }
    return items[items.length - 1] as T
  }

  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items]
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.int(0, i)
      ;[out[i], out[j]] = [out[j] as T, out[i] as T]
    }
    return out
  }

  sample<T>(items: readonly T[], count: number): T[] {
    return this.shuffle(items).slice(0, count)
  }

  /** Normal by Box and Muller. */
  normal(mean = 0, deviation = 1): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.next())
  }

  /** Log-normal with the given median; `spread` is the deviation of the logarithm. */
  skewed(median: number, spread: number): number {
    return median * Math.exp(this.normal(0, spread))
  }

  /** A number of arrivals (Knuth's Poisson; fine for small means). */
  poisson(mean: number): number {
    const limit = Math.exp(-mean)
    let count = 0
    let product = this.next()
    while (product > limit) {
      count++
      product *= this.next()
    }
    return count
  }

  /** A UUIDv7 whose time is `atMs` and whose other bits come from these dice. */
  uuid(atMs: number): string {
    const time = Math.floor(atMs).toString(16).padStart(12, '0')
    const hex = (word: number) => word.toString(16).padStart(8, '0')
    const a = hex(this.word())
    const b = hex(this.word())
    const c = hex(this.word())
    const variant = (8 + (Number.parseInt(b[0]!, 16) & 3)).toString(16)
    return `${time.slice(0, 8)}-${time.slice(8)}-7${a.slice(0, 3)}-${variant}${a.slice(3, 6)}-${b.slice(1, 8)}${c.slice(0, 5)}`
  }
}
