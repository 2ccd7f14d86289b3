import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer, get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lanCertificate, printQr } from './lan'

describe('HTTPS on the local network', () => {
  let dataDir: string
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'lan-'))
  })
  afterEach(() => rmSync(dataDir, { recursive: true }))

  test('is accepted without a warning by a phone that trusts the authority', async () => {
    const made = await lanCertificate(dataDir, ['192.168.1.20'])
    const server = createServer({ key: made.key, cert: made.cert }, (_request, reply) => reply.end('你好'))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const { port } = server.address() as AddressInfo
    const text = await new Promise<string>((done, failed) =>
      get({ host: '127.0.0.1', port, ca: made.ca }, (reply) => reply.on('data', (bytes) => done(String(bytes)))).on(
        'error',
        failed,
      ),
    )
    expect(text).toBe('你好')
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })

  test('keeps its certificate while the addresses stay, in files that only the owner reads', async () => {
    const first = await lanCertificate(dataDir, ['192.168.1.20'])
    expect(await lanCertificate(dataDir, ['192.168.1.20'])).toEqual(first)
    for (const name of ['ca.key', 'server.key']) expect(statSync(join(dataDir, 'lan', name)).mode & 0o077).toBe(0)
  })

  test('gets a new certificate from the same authority when the address changes or the year ends', async () => {
    const first = await lanCertificate(dataDir, ['192.168.1.20'])
    const moved = await lanCertificate(dataDir, ['10.0.0.7'])
    expect(moved.cert).not.toBe(first.cert)
    expect(moved.ca).toBe(first.ca)
    const later = await lanCertificate(dataDir, ['10.0.0.7'], new Date(Date.now() + 370 * 86_400_000))
    expect(later.cert).not.toBe(moved.cert)
    expect(later.ca).toBe(first.ca)
  })

  test('prints a QR code that fits a terminal', async () => {
    const lines = (await printQr('https://192.168.1.20:8080/m')).split('\n')
    expect(lines.length).toBeGreaterThan(10)
    expect(lines.length).toBeLessThan(30)
  })
})
