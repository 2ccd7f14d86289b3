import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { Outbound, type OutboundError } from './outbound'

const kindOf = (work: Promise<unknown>) =>
  work.then(
    () => 'went through',
    (e: OutboundError) => e.kind,
  )

describe('calls to the outside', () => {
  it.each([
    'http://127.0.0.1:1/',
    'http://localhost:1/',
    'http://10.1.2.3/',
    'http://172.20.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://100.64.0.1/',
    'http://[::1]/',
    'http://[fd00::1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://0x7f000001/',
    'file:///etc/passwd',
  ])('never reach %s', async (url) => {
    expect(await kindOf(new Outbound().post(url, { body: '' }))).toBe('blocked')
  })

  it('reach an address of our own that the installation allows, and follow no redirect away from it', async () => {
    const server = createServer((_, reply) => reply.writeHead(302, { location: 'http://10.0.0.1/' }).end('no'))
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const { port } = server.address() as { port: number }
    try {
      const out = new Outbound(['127.0.0.0/8'])
      expect(await out.post(`http://127.0.0.1:${port}/`, { body: 'x' })).toMatchObject({ status: 302, text: 'no' })
      expect(await kindOf(new Outbound(['10.0.0.0/8']).post(`http://127.0.0.1:${port}/`, { body: '' }))).toBe('blocked')
    } finally {
      server.close()
    }
  })

  it('know whether something may have arrived', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((ready) => silent.listen(0, '127.0.0.1', ready))
    const { port } = silent.address() as { port: number }
    const out = new Outbound(['127.0.0.1'], 150)
    expect(await kindOf(out.post(`http://127.0.0.1:${port}/`, { body: 'x' }))).toBe('timeout')
    silent.closeAllConnections()
    await new Promise((closed) => silent.close(closed))
    expect(await kindOf(out.post(`http://127.0.0.1:${port}/`, { body: 'x' }))).toBe('connect')
  })
})
