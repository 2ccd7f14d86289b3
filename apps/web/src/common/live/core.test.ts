import { beforeEach, describe, expect, it } from 'vitest'
import { type ChannelLike, Live, type LiveEvent, type Message, nextDelay, type StreamLike } from './core'

/** A browser with tabs: one lock, one channel, streams that the test speaks through. */
class Browser {
  streams: (StreamLike & { url: string; closed: boolean; say(type: string, id: number, data?: object): void })[] = []
  private tabs: ChannelLike[] = []
  private queue: (() => Promise<void>)[] = []
  private busy = false
  online = true
  timers: { ms: number; run: () => void }[] = []

  tab(): Live & { heard: LiveEvent[] } {
    const channel: ChannelLike = {
      onmessage: null,
      postMessage: (data: Message) => {
        for (const other of this.tabs) if (other !== channel) other.onmessage?.({ data })
      },
      close: () => {
        this.tabs = this.tabs.filter((one) => one !== channel)
      },
    }
    this.tabs.push(channel)
    const live = new Live({
      open: (url) => this.stream(url),
      channel,
      lead: (run) => {
        this.queue.push(run)
        void this.next()
      },
      online: () => this.online,
      after: (ms, run) => {
        const timer = { ms, run }
        this.timers.push(timer)
        return () => {
          this.timers = this.timers.filter((one) => one !== timer)
        }
      },
      random: () => 0.5,
    }) as Live & { heard: LiveEvent[] }
    live.heard = []
    live.events.add((e) => live.heard.push(e))
    return live
  }

  private async next() {
    if (this.busy) return
    const run = this.queue.shift()
    if (!run) return
    this.busy = true
    await run()
    this.busy = false
    await this.next()
  }

  private stream(url: string) {
    const listeners = new Map<string, (e: { lastEventId: string }) => void>()
    const stream = {
      url,
      closed: false,
      onmessage: null as StreamLike['onmessage'],
      onerror: null as StreamLike['onerror'],
      onopen: null as StreamLike['onopen'],
      addEventListener: (type: string, listener: (e: { lastEventId: string }) => void) => listeners.set(type, listener),
      close() {
        stream.closed = true
      },
      say(type: string, id: number, data: object = {}) {
        if (type === 'message') stream.onmessage?.({ data: JSON.stringify(data), lastEventId: String(id) })
        else listeners.get(type)?.({ lastEventId: String(id) })
      },
    }
    this.streams.push(stream)
    return stream
  }

  get current() {
    return this.streams.at(-1) as Browser['streams'][number]
  }
}

const change = { aggregate: 'order', aggregateId: 'o1', type: 'order.triaged' }
const settle = () => new Promise((done) => setTimeout(done))

describe('live updates', () => {
  let browser: Browser
  beforeEach(() => {
    browser = new Browser()
  })

  it('two tabs share one stream and both hear each change once', () => {
    const a = browser.tab()
    const b = browser.tab()
    expect(browser.streams).toHaveLength(1)
    browser.current.onopen?.()
    browser.current.say('hello', 10)
    browser.current.say('message', 11, change)
    browser.current.say('message', 11, change)
    expect(a.heard.map((e) => e.position)).toEqual([11])
    expect(b.heard.map((e) => e.position)).toEqual([11])
    expect([a.state, b.state]).toEqual(['live', 'live'])
  })

  it('when the leading tab closes, the next resumes where it stopped', async () => {
    const a = browser.tab()
    const b = browser.tab()
    browser.current.say('hello', 10)
    browser.current.say('message', 12, change)
    a.stop()
    await settle()
    expect(browser.streams).toHaveLength(2)
    expect(browser.current.url).toBe('/api/live?after=12')
    browser.current.say('message', 12, change)
    browser.current.say('message', 13, change)
    expect(b.heard.map((e) => e.position)).toEqual([12, 13])
  })

  it('a lost connection is opened again with backoff, after the last position', () => {
    const a = browser.tab()
    browser.current.say('hello', 5)
    browser.current.onerror?.()
    expect(a.state).toBe('waiting')
    expect(browser.timers.map((t) => t.ms)).toEqual([750])
    browser.timers.shift()?.run()
    expect(browser.current.url).toBe('/api/live?after=5')
    browser.current.onerror?.()
    expect(browser.timers[0]?.ms).toBe(1500)
  })

  it('offline is said as such, and coming back connects at once', () => {
    const a = browser.tab()
    browser.current.say('hello', 5)
    browser.online = false
    browser.current.onerror?.()
    expect(a.state).toBe('offline')
    browser.online = true
    a.retryNow()
    browser.current.onopen?.()
    expect(a.state).toBe('live')
    expect(browser.timers).toHaveLength(0)
  })

  it('away for too long: every tab is told to read everything again', () => {
    const a = browser.tab()
    const b = browser.tab()
    const told: string[] = []
    a.resets.add(() => told.push('a'))
    b.resets.add(() => told.push('b'))
    browser.current.say('reset', 90_000)
    expect(told.sort()).toEqual(['a', 'b'])
    browser.current.say('message', 90_001, change)
    expect(b.heard).toHaveLength(1)
  })

  it('a tab opened later knows the state and the position', async () => {
    const a = browser.tab()
    browser.current.say('hello', 7)
    const late = browser.tab()
    expect(late.state).toBe('live')
    a.stop()
    await settle()
    expect(browser.current.url).toBe('/api/live?after=7')
    late.stop()
  })

  it('the wait grows to half a minute and is spread', () => {
    expect(nextDelay(0, 0)).toBe(500)
    expect(nextDelay(0, 1)).toBe(1000)
    expect(nextDelay(99, 1)).toBe(30_000)
    expect(nextDelay(99, 0)).toBe(15_000)
  })
})
