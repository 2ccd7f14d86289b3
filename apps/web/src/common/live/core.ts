/** What the stream tells: something changed. The screen asks for the rest, where permission is checked again. */
export type LiveEvent = { position: number; aggregate: string; aggregateId: string; type: string }
export type LiveState = 'connecting' | 'live' | 'waiting' | 'offline'

/** Full-jitter backoff, 1 s to 30 s: a restarted server is not met by every browser at once. */
export function nextDelay(attempt: number, random: number): number {
  const ceiling = Math.min(30_000, 1_000 * 2 ** Math.min(attempt, 5))
  return Math.round(ceiling / 2 + (ceiling / 2) * random)
}

export interface StreamLike {
  onmessage: ((e: { data: string; lastEventId: string }) => void) | null
  onerror: (() => void) | null
  onopen: (() => void) | null
  addEventListener(type: 'reset' | 'hello', listener: (e: { lastEventId: string }) => void): void
  close(): void
}
export interface ChannelLike {
  onmessage: ((e: { data: Message }) => void) | null
  postMessage(message: Message): void
  close(): void
}
/** What tabs tell each other. */
export type Message =
  | { kind: 'event'; event: LiveEvent }
  | { kind: 'state'; state: LiveState; position: number | null }
  | { kind: 'reset'; position: number | null }
  | { kind: 'hello' }

export interface Parts {
  open(url: string): StreamLike
  channel: ChannelLike
  /** Runs `lead` when this tab becomes the leader; the lead lasts until the promise settles. */
  lead(run: () => Promise<void>): void
  online(): boolean
  after(ms: number, run: () => void): () => void
  random(): number
}

/**
 * One stream a browser. The tab that holds the lock opens it and repeats everything on a channel; the others listen and
 * remember the last position, so whichever leads next resumes there without a gap. Events are delivered once, in order.
 */
export class Live {
  private position: number | null = null
  private leading = false
  private stopped = false
  private attempt = 0
  private stream: StreamLike | null = null
  private cancelRetry: () => void = () => {}
  private endLead: () => void = () => {}
  state: LiveState = 'connecting'
  readonly events = new Set<(e: LiveEvent) => void>()
  readonly resets = new Set<() => void>()
  readonly states = new Set<() => void>()

  constructor(private readonly parts: Parts) {
    parts.channel.onmessage = ({ data }) => this.hear(data)
    parts.channel.postMessage({ kind: 'hello' })
    parts.lead(
      () =>
        new Promise((done) => {
          if (this.stopped) return done()
          this.endLead = done
          this.leading = true
          this.connect()
        }),
    )
  }

  stop() {
    this.stopped = true
    this.cancelRetry()
    this.stream?.close()
    this.endLead()
    this.parts.channel.close()
  }

  /** The device came back, or someone presses "try now". */
  retryNow() {
    if (!this.leading || this.state === 'live') return
    this.attempt = 0
    this.cancelRetry()
    this.stream?.close()
    this.connect()
  }

  private hear(message: Message) {
    if (message.kind === 'hello') {
      // A new tab wants to know how things stand.
      if (this.leading) this.parts.channel.postMessage({ kind: 'state', state: this.state, position: this.position })
    } else if (message.kind === 'event') this.deliver(message.event)
    else if (message.kind === 'reset') this.reset(message.position)
    else if (!this.leading) {
      if (message.position !== null) this.position = Math.max(this.position ?? 0, message.position)
      this.become(message.state)
    }
  }

  private connect() {
    if (this.stopped) return
    if (!this.parts.online()) return this.become('offline')
    this.become('connecting')
    const stream = this.parts.open(this.position === null ? '/api/live' : `/api/live?after=${this.position}`)
    this.stream = stream
    stream.onopen = () => {
      this.attempt = 0
      this.become('live')
    }
    stream.addEventListener('hello', (e) => {
      this.position = Math.max(this.position ?? 0, Number(e.lastEventId) || 0)
      this.become('live')
    })
    stream.addEventListener('reset', (e) => {
      this.reset(Number(e.lastEventId) || this.position)
      this.parts.channel.postMessage({ kind: 'reset', position: this.position })
    })
    stream.onmessage = ({ data, lastEventId }) => {
      const event = { ...(JSON.parse(data) as Omit<LiveEvent, 'position'>), position: Number(lastEventId) }
      if (this.deliver(event)) this.parts.channel.postMessage({ kind: 'event', event })
    }
    stream.onerror = () => {
      // The browser's own retry knows neither backoff nor a changed position: close and do it here.
      stream.close()
      if (this.stopped || this.stream !== stream) return
      this.become(this.parts.online() ? 'waiting' : 'offline')
      this.cancelRetry = this.parts.after(nextDelay(this.attempt++, this.parts.random()), () => this.connect())
    }
  }

  private deliver(event: LiveEvent): boolean {
    // A resumed stream, or a new leader beside an old one, may repeat what was seen.
    if (this.position !== null && event.position <= this.position) return false
    this.position = event.position
    for (const tell of this.events) tell(event)
    return true
  }

  private reset(position: number | null) {
    this.position = position
    for (const tell of this.resets) tell()
  }

  private become(state: LiveState) {
    if (this.state === state) return
    this.state = state
    for (const tell of this.states) tell()
    if (this.leading) this.parts.channel.postMessage({ kind: 'state', state, position: this.position })
  }
}
