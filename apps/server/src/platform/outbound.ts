// Every call from here to an address that a person has typed in: where it leads is checked when the connection is made,
// so that a name which points into the company's network, or does so a second later, reaches nothing.

import { lookup as dnsLookup, type LookupAddress } from 'node:dns'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP } from 'node:net'

const forbidden = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  forbidden.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  forbidden.addSubnet(net, bits, 'ipv6')

export class OutboundError extends Error {
  constructor(
    /** blocked: the address is not allowed. connect: nothing was sent. timeout, broken: it may have arrived. */
    readonly kind: 'blocked' | 'connect' | 'timeout' | 'broken',
    message: string,
  ) {
    super(message)
  }
}

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

/** Calls to the world outside. `allow` names hosts, addresses or networks (CIDR) of one's own that may be called. */
export class Outbound {
  private readonly hosts = new Set<string>()
  private readonly allowed = new BlockList()

  constructor(
    allow: readonly string[] = [],
    private readonly timeoutMs = 10_000,
  ) {
    for (const entry of allow.map((e) => e.trim().toLowerCase()).filter(Boolean)) {
      const [net = '', bits] = entry.split('/')
      const family = isIP(net)
      if (!family) this.hosts.add(entry)
      else if (bits) this.allowed.addSubnet(net, Number(bits), family === 6 ? 'ipv6' : 'ipv4')
      else this.allowed.addAddress(net, family === 6 ? 'ipv6' : 'ipv4')
    }
  }

  private permits(host: string, address: string): boolean {
    if (this.hosts.has(host.toLowerCase())) return true
    // An IPv4 address in IPv6 clothes is judged as what it is.
    const mapped = address.match(/^::ffff:(\d+\.\d+\.\d+\.\d+)$/i)?.[1]
    const plain = mapped ?? address
    const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4'
    return this.allowed.check(plain, family) || !forbidden.check(plain, family)
  }

  /** The address to connect to, allowed; whoever connects must use it and not ask the name again. */
  resolve(host: string): Promise<LookupAddress> {
    const bare = host.replace(/^\[|\]$/g, '')
    return new Promise((done, refuse) => {
      const judge = (all: LookupAddress[]) => {
        const bad = all.find((a) => !this.permits(bare, a.address))
        if (bad) refuse(new OutboundError('blocked', `${bare} → ${bad.address}`))
        else done(all[0] as LookupAddress)
      }
      if (isIP(bare)) judge([{ address: bare, family: isIP(bare) }])
      else
        dnsLookup(bare, { all: true }, (error, all) =>
          error || all.length === 0
            ? refuse(new OutboundError('connect', `${bare}: ${error?.code ?? 'ENOTFOUND'}`))
            : judge(all),
        )
    })
  }

  /** One POST; follows no redirect, reads at most 64 KiB of the answer, gives up after ten seconds. */
  async post(
    target: string,
    { headers = {}, body }: { headers?: Record<string, string>; body: string | Buffer },
  ): Promise<Answer> {
    const url = new URL(target)
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new OutboundError('blocked', url.protocol)
    const to = await this.resolve(url.hostname)
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    return new Promise((done, refuse) => {
      let sent = false
      const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(
        url,
        {
          method: 'POST',
          headers: { ...headers, 'content-length': bytes.length },
          agent: false,
          // The address that was judged, and no other.
          lookup: (_host, options, callback) =>
            options.all ? callback(null, [to] as never, undefined as never) : callback(null, to.address, to.family),
        },
        (response) => {
          const parts: Buffer[] = []
          let size = 0
          response.on('data', (part: Buffer) => {
            size += part.length
            if (size <= 65_536) parts.push(part)
          })
          response.on('error', (e) => settle(() => refuse(new OutboundError('broken', e.message))))
          response.on('end', () =>
            settle(() =>
              done({
                status: response.statusCode ?? 0,
                headers: response.headers,
                text: Buffer.concat(parts).toString('utf8'),
              }),
            ),
          )
        },
      )
      const timer = setTimeout(() => {
        settle(() => refuse(new OutboundError(sent ? 'timeout' : 'connect', `${url.host}: ${this.timeoutMs} ms`)))
        request.destroy()
      }, this.timeoutMs)
      const settle = (how: () => void) => {
        clearTimeout(timer)
        how()
      }
      request.on('finish', () => {
        sent = true
      })
      request.on('error', (e) => settle(() => refuse(new OutboundError(sent ? 'broken' : 'connect', e.message))))
      request.end(bytes)
    })
  }
}
