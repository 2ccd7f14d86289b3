// A line as bad as they come, between a phone and the server: requests that never arrive, answers that are lost after the
// server has done its work, connections cut in the middle, and ones that hang.

import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** Shares of the API's requests that meet each fate. */
export interface Weather {
  dropRequest: number
  dropAnswer: number
  reset: number
  hang: number
  hangMs: number
}
export const calm: Weather = { dropRequest: 0, dropAnswer: 0, reset: 0, hang: 0, hangMs: 0 }

export interface BadLine {
  url: string
  weather: Weather
  /** Nothing gets through at all: a basement. */
  down: boolean
  /** What has befallen requests so far. */
  count: Record<'passed' | 'dropRequest' | 'dropAnswer' | 'reset' | 'hang' | 'down', number>
  close(): Promise<void>
}

export async function startProxy(o: { target: string; random: () => number }): Promise<BadLine> {
  const to = new URL(o.target)
  const agent = new http.Agent({ keepAlive: true })
  const proxy: BadLine = {
    url: '',
    weather: calm,
    down: false,
    count: { passed: 0, dropRequest: 0, dropAnswer: 0, reset: 0, hang: 0, down: 0 },
    close: () =>
      new Promise((done) => {
        agent.destroy()
        server.closeAllConnections()
        server.close(() => done())
      }),
  }

  const fateOf = (url: string): keyof BadLine['count'] => {
    if (proxy.down) return 'down'
    // Pages and their files come before the storm; what is tested is the exchange.
    if (!url.startsWith('/api/')) return 'passed'
    let x = o.random()
    for (const fate of ['dropRequest', 'dropAnswer', 'reset', 'hang'] as const) {
      x -= proxy.weather[fate]
      if (x < 0) return fate
    }
    return 'passed'
  }

  const server = http.createServer((request, reply) => {
    const fate = fateOf(request.url ?? '/')
    proxy.count[fate]++
    const cut = () => request.socket.destroy()
    if (fate === 'down' || fate === 'dropRequest') return cut()
    if (fate === 'hang') {
      // Neither a yes nor a no: the server has heard it or it has not, and the phone learns nothing.
      const heard = o.random() < 0.5
      if (heard) forward(() => {})
      else request.resume()
      setTimeout(cut, proxy.weather.hangMs)
      return
    }
    forward((answer) => {
      if (fate === 'dropAnswer') {
        answer.resume()
        answer.on('end', cut)
        return
      }
      reply.writeHead(answer.statusCode ?? 502, answer.headers)
      // A stream shows its head before its first word.
      reply.flushHeaders()
      if (fate === 'reset') {
        answer.once('data', (part: Buffer) => {
          reply.write(part.subarray(0, Math.ceil(part.length / 2)), cut)
          answer.destroy()
        })
        answer.once('end', cut)
        return
      }
      answer.pipe(reply)
      answer.on('error', cut)
      reply.on('close', () => answer.destroy())
    })

    function forward(answered: (answer: http.IncomingMessage) => void) {
      const sent = http.request(
        {
          agent,
          host: to.hostname,
          port: to.port,
          method: request.method,
          path: request.url,
          headers: request.headers,
        },
        answered,
      )
      // A server that is being killed answers nothing.
      sent.on('error', cut)
      request.pipe(sent)
      request.on('error', () => sent.destroy())
    }
  })
  server.keepAliveTimeout = 5_000
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  proxy.url = `http://localhost:${(server.address() as AddressInfo).port}`
  return proxy
}
