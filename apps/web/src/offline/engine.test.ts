import { beforeEach, describe, expect, it } from 'vitest'
import { digestOf, rowHash } from './digest'
import { MemoryStore, NoAnswer, Offline, type Ports, type SentItem, type Transport } from './engine'
import { StorageFull } from './store'
import type { Item } from './types'

/** A server that keeps documents field by field and receipts by command id: the contract of the real one, small. */
class Server implements Transport {
  documents = new Map<string, Record<string, unknown>>()
  receipts = new Map<string, unknown>()
  applied: string[] = []
  seen: SentItem[] = []
  refuse = new Set<string>()
  /** What happens to the next exchanges: nobody hears, the answer is lost after the commit, or all goes well. */
  weather: ('dead' | 'deaf' | 'fair' | 401 | 500)[] = []
  now = Date.parse('2026-11-23T08:00:00Z')

  private meet(): 'deaf' | 'fair' {
    const w = this.weather.shift() ?? 'fair'
    if (w === 'dead') throw new NoAnswer(0, 'network')
    if (typeof w === 'number') throw new NoAnswer(w, `status ${w}`, { code: 'x', status: w, title: `status ${w}` })
    return w
  }

  async send(items: SentItem[]) {
    const w = this.meet()
    this.seen.push(...items)
    const verdicts = items.map((i) => {
      if (this.receipts.has(i.commandId)) return { commandId: i.commandId, verdict: 'duplicate' as const }
      const id = i.params.id as string
      if (this.refuse.has(id))
        return {
          commandId: i.commandId,
          verdict: 'refused' as const,
          problem: { code: 'document_signed', status: 409, title: 'signed' },
        }
      const row = this.documents.get(id)
      if (row) {
        const { values } = i.body as { values: object }
        this.documents.set(id, { ...row, values: { ...(row.values as object), ...values } })
      }
      this.applied.push(i.commandId)
      this.receipts.set(i.commandId, {})
      return { commandId: i.commandId, verdict: 'applied' as const, reply: { ok: true } }
    })
    if (w === 'deaf') throw new NoAnswer(0, 'network')
    return { items: verdicts, serverTime: new Date(this.now).toISOString() }
  }

  async sync(ask: Parameters<Transport['sync']>[0]) {
    this.meet()
    const hashed = [...this.documents].map(([id, row]) => ({ id, hash: rowHash(row), row }))
    const digest = digestOf(hashed.map((r) => [r.id, r.hash] as const))
    const have = ask.have.document
    const document =
      have?.digest === digest
        ? { state: 'same' as const, digest }
        : have && !have.rows
          ? { state: 'ask' as const, digest }
          : {
              state: 'changed' as const,
              digest,
              rows: hashed.filter((r) => have?.rows?.[r.id] !== r.hash),
              gone: Object.keys(have?.rows ?? {}).filter((id) => !this.documents.has(id)),
            }
    return { collections: { document }, serverTime: new Date(this.now).toISOString(), position: 1 }
  }
}

const row = (id: string) => ({ id, state: 'draft', values: {}, facts: {}, visitId: 'v1', signature: null })

/** A phone with a clock and a network that the test holds in its hand. */
class Phone {
  clock = Date.parse('2026-11-23T08:00:00Z')
  isOnline = true
  timers: { at: number; run: () => void }[] = []
  ids = 0
  offline: Offline
  constructor(
    readonly server: Server,
    readonly store = new MemoryStore(),
    readonly name = 'a',
    part: Partial<Ports> = {},
  ) {
    this.offline = new Offline({
      me: { id: 'li', name: '李工', zone: 'Asia/Shanghai' },
      store,
      transport: server,
      now: () => this.clock,
      random: () => 0.5,
      after: (ms, run) => {
        const timer = { at: this.clock + ms, run }
        this.timers.push(timer)
        return () => {
          this.timers = this.timers.filter((t) => t !== timer)
        }
      },
      exclusive: async (work) => {
        await work()
        return true
      },
      say: () => {},
      online: () => this.isOnline,
      newId: () => `${this.name}${++this.ids}`,
      deviceId: 'phone',
      seqFloor: () => 0,
      keepSeq: () => {},
      skewMs: () => 0,
      learnSkew: () => {},
      localDate: () => '2026-11-23',
      ...part,
    })
  }
  async begin() {
    await this.offline.load()
    this.offline.start()
    await this.offline.idle()
    return this
  }
  async pass(ms: number) {
    this.clock += ms
    for (;;) {
      const due = this.timers.find((t) => t.at <= this.clock)
      if (!due) return
      this.timers = this.timers.filter((t) => t !== due)
      due.run()
      await this.offline.idle()
    }
  }
  values(id: string) {
    return (this.offline.row('document', id) as unknown as { values: object } | undefined)?.values
  }
  fill(id: string, values: Record<string, unknown>, o = {}) {
    return this.offline.act('document.fill', id, { values }, o)
  }
}

describe('the outbox and the phone’s copy', () => {
  let server: Server
  beforeEach(() => {
    server = new Server()
    for (const id of ['d1', 'd2', 'd3']) server.documents.set(id, row(id))
  })

  it('shows an action at once, and keeps showing it until the rows hold it', async () => {
    const phone = await new Phone(server).begin()
    server.weather = ['dead']
    await phone.fill('d1', { note: '完成' })
    expect(phone.values('d1')).toEqual({ note: '完成' })
    await phone.offline.idle()
    expect(phone.offline.getStatus()).toMatchObject({ waiting: 1, contact: false })
    await phone.pass(3_000)
    expect(phone.offline.getStatus()).toMatchObject({ waiting: 0, contact: true })
    expect(phone.values('d1')).toEqual({ note: '完成' })
    expect(server.applied).toEqual(['a1'])
  })

  it('an answer that is lost after the commit is asked for again and applied once', async () => {
    const phone = await new Phone(server).begin()
    server.weather = ['deaf', 'dead', 'deaf']
    await phone.fill('d1', { note: 'x' })
    await phone.offline.idle()
    for (let i = 0; i < 5; i++) await phone.pass(60_000)
    expect(server.applied).toEqual(['a1'])
    expect(server.seen).toHaveLength(3)
    expect(phone.offline.item('a1')).toMatchObject({ state: 'taken', reflected: true })
  })

  it('says honestly whether it was made, or delivered late, without contact', async () => {
    const phone = await new Phone(server).begin()
    await phone.fill('d1', { n: 1 })
    await phone.offline.idle()
    server.weather = Array(3).fill('dead')
    await phone.fill('d1', { n: 2 })
    await phone.offline.idle()
    await phone.fill('d2', { n: 3 })
    await phone.offline.idle()
    for (let i = 0; i < 3; i++) await phone.pass(120_000)
    expect(server.seen.map((i) => [i.commandId, i.offline])).toEqual([
      ['a1', false],
      ['a2', true],
      ['a3', true],
    ])
  })

  it('one refused item leaves the others alone, and waits for the person', async () => {
    const phone = await new Phone(server).begin()
    server.refuse.add('d1')
    await phone.fill('d1', { n: 1 })
    await phone.fill('d2', { n: 2 })
    await phone.offline.idle()
    expect(phone.offline.item('a1')).toMatchObject({ state: 'refused', problem: { code: 'document_signed' } })
    expect(phone.offline.getStatus()).toMatchObject({ waiting: 0, asking: 1 })
    // What was refused did not happen: the screen shows the row as it is.
    expect(phone.values('d1')).toEqual({})
    expect(phone.values('d2')).toEqual({ n: 2 })
    server.refuse.clear()
    await phone.offline.retry('a1')
    await phone.offline.idle()
    expect(phone.values('d1')).toEqual({ n: 1 })
    expect(phone.offline.getStatus()).toMatchObject({ asking: 0 })
  })

  it('a session that is over pauses the outbox; the same person’s sign-in resumes it', async () => {
    const phone = await new Phone(server).begin()
    server.weather = [401]
    await phone.fill('d1', { n: 1 })
    await phone.offline.idle()
    expect(phone.offline.getStatus()).toMatchObject({ signedOut: true, waiting: 1 })
    await phone.pass(600_000)
    expect(server.seen).toHaveLength(0)
    phone.offline.signedIn()
    await phone.offline.idle()
    expect(server.applied).toEqual(['a1'])
  })

  it('a phone that restarts in the middle goes on where it was', async () => {
    const first = await new Phone(server).begin()
    server.weather = ['deaf']
    await first.fill('d1', { n: 1 })
    await first.fill('d1', { m: 2 })
    await first.offline.idle()
    first.offline.stop()
    const second = await new Phone(server, first.store, 'b').begin()
    expect(second.values('d1')).toEqual({ n: 1, m: 2 })
    expect([...server.applied].sort()).toEqual(['a1', 'a2'])
    expect((await second.store.items()).map((i: Item) => i.seq)).toEqual([1, 2])
  })

  it('a copy that was damaged is noticed by its digest and fetched anew', async () => {
    const phone = await new Phone(server).begin()
    await phone.store.applyRows({
      put: [{ collection: 'document', id: 'ghost', hash: rowHash({}), row: {} }],
      gone: [{ collection: 'document', id: 'd2' }],
      replace: [],
      digests: [],
      sync: { serverTime: '', at: 0, position: 0 },
      reflected: [],
    })
    const again = await new Phone(server, phone.store).begin()
    expect(
      again.offline
        .rows('document')
        .map((d) => d.id)
        .sort(),
    ).toEqual(['d1', 'd2', 'd3'])
    const all = [...server.documents].map(([id, r]) => [id, rowHash(r)] as const)
    expect(again.offline.stateHash().document).toBe(digestOf(all))
  })

  it('a device without room keeps what was done in memory, says so, and saves it when there is room', async () => {
    let full = true
    const store = new MemoryStore()
    const add = store.add.bind(store)
    const restore = store.restore.bind(store)
    store.add = (item, floor) => (full ? Promise.reject(new StorageFull('no room')) : add(item, floor))
    store.restore = (items) => (full ? Promise.reject(new StorageFull('no room')) : restore(items))
    const phone = await new Phone(server, store).begin()
    server.weather = ['dead']
    await phone.fill('d1', { n: 1 })
    await phone.offline.idle()
    expect(phone.offline.getStatus()).toMatchObject({ full: true, waiting: 1 })
    expect(phone.values('d1')).toEqual({ n: 1 })
    full = false
    await phone.pass(5_000)
    expect(phone.offline.getStatus()).toMatchObject({ full: false, waiting: 0 })
    expect(server.applied).toEqual(['a1'])
  })

  it('an exported outbox is taken back on another phone, once', async () => {
    const lost = await new Phone(server).begin()
    lost.isOnline = false
    await lost.fill('d3', { n: 7 })
    await lost.offline.idle()
    expect(server.seen).toEqual([])
    const file = JSON.parse(JSON.stringify(lost.offline.items())) as Item[]
    const found = await new Phone(server, new MemoryStore(), 'z').begin()
    expect(await found.offline.restore(file)).toBe(1)
    expect(await found.offline.restore(file)).toBe(0)
    await found.offline.idle()
    expect(server.applied).toEqual(['a1'])
    expect(found.values('d3')).toEqual({ n: 7 })
  })

  it('taken items stay for two days with their receipt, then go', async () => {
    const phone = await new Phone(server).begin()
    await phone.fill('d1', { n: 1 })
    await phone.offline.idle()
    expect(await phone.offline.outcomeOf('a1')).toMatchObject({ state: 'taken', reply: { ok: true } })
    await phone.pass(49 * 3_600_000)
    phone.offline.wake()
    await phone.offline.idle()
    expect(phone.offline.items()).toEqual([])
  })

  it('in any weather every action is applied exactly once and both sides end alike', async () => {
    const phone = await new Phone(server).begin()
    let n = 7
    const random = () => {
      n = (n * 16807) % 2147483647
      return n / 2147483647
    }
    for (let i = 0; i < 300; i++) {
      const w = random()
      server.weather.push(w < 0.3 ? 'dead' : w < 0.5 ? 'deaf' : w < 0.6 ? 500 : 'fair')
      await phone.fill(`d${1 + Math.floor(random() * 3)}`, { [`f${i % 9}`]: i })
      if (random() < 0.3) await phone.pass(20_000)
    }
    server.weather = []
    for (let i = 0; i < 10; i++) await phone.pass(120_000)
    expect(new Set(server.applied).size).toBe(300)
    expect(server.applied).toHaveLength(300)
    expect(phone.offline.items().map((i) => i.seq)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1))
    const all = [...server.documents].map(([id, r]) => [id, rowHash(r)] as const)
    expect(phone.offline.stateHash().document).toBe(digestOf(all))
  })
})
