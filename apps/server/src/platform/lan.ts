import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import qrcode from 'qrcode'
import { generate } from 'selfsigned'

const DAY = 86_400_000
// Phones refuse a server's certificate that is valid for more than 398 days.
const LEAF_DAYS = 397
const CA_DAYS = 3650

export interface LanCertificate {
  key: string
  /** The server's certificate followed by the authority's. */
  cert: string
  /** What a phone may trust once, so that the warning goes and the page can be installed. */
  ca: string
  /** The addresses on the local network, the likeliest first. */
  addresses: string[]
}

/**
 * A certificate for the addresses that this machine has on the local network, made here and kept in `dataDir/lan`.
 * It is renewed when the addresses change or its year ends; the authority behind it stays, so a phone that trusts it
 * goes on trusting. A camera and an installed page need HTTPS, and no public authority signs a private address.
 */
export async function lanCertificate(
  dataDir: string,
  addresses = lanAddresses(),
  now = new Date(),
): Promise<LanCertificate> {
  const folder = join(dataDir, 'lan')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const read = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '')
  const keep = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 })

  let ca = { key: read('ca.key'), cert: read('ca.crt') }
  if (!ca.key || daysLeft(ca.cert, now) < LEAF_DAYS) {
    const made = await generate([{ name: 'commonName', value: `Zhuchang ${hostname()}` }], {
      algorithm: 'sha256',
      keyType: 'ec',
      notBeforeDate: new Date(now.getTime() - DAY), // a phone whose clock is behind
      notAfterDate: new Date(now.getTime() + CA_DAYS * DAY),
      extensions: [
        { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ],
    })
    ca = { key: made.private, cert: made.cert }
    keep('ca.key', ca.key)
    keep('ca.crt', ca.cert)
  }

  let leaf = { key: read('server.key'), cert: read('server.crt') }
  const names = ['127.0.0.1', ...addresses]
  if (!leaf.key || daysLeft(leaf.cert, now) < 30 || !covers(leaf.cert, names) || !signedBy(leaf.cert, ca.cert)) {
    const made = await generate([{ name: 'commonName', value: 'Zhuchang' }], {
      algorithm: 'sha256',
      keyType: 'ec',
      ca,
      notBeforeDate: new Date(now.getTime() - DAY),
      notAfterDate: new Date(now.getTime() + (LEAF_DAYS - 1) * DAY),
      extensions: [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [{ type: 2, value: 'localhost' }, ...names.map((ip) => ({ type: 7 as const, ip }))],
        },
      ],
    })
    leaf = { key: made.private, cert: made.cert }
    keep('server.key', leaf.key)
    keep('server.crt', leaf.cert)
  }
  return { key: leaf.key, cert: `${leaf.cert.trim()}\n${ca.cert}`, ca: ca.cert, addresses }
}

/** The machine's IPv4 addresses on local networks; what a container or a virtual machine added comes last. */
export function lanAddresses(): string[] {
  return Object.entries(networkInterfaces())
    .flatMap(([name, list]) => (list ?? []).map((entry) => ({ name, ...entry })))
    .filter((entry) => entry.family === 'IPv4' && !entry.internal)
    .sort((a, b) => Number(isVirtual(a.name)) - Number(isVirtual(b.name)))
    .map((entry) => entry.address)
}

const isVirtual = (name: string) => /^(docker|br-|veth|virbr|vmnet|vEthernet|utun|tun|tap)/.test(name)

/** The address as a QR code for a terminal, to be read by a phone's camera. */
export function printQr(url: string): Promise<string> {
  return qrcode.toString(url, { type: 'terminal', small: true })
}

function daysLeft(pem: string, now: Date): number {
  return pem ? (new Date(new X509Certificate(pem).validTo).getTime() - now.getTime()) / DAY : 0
}

function covers(pem: string, addresses: string[]): boolean {
  const certificate = new X509Certificate(pem)
  return addresses.every((address) => certificate.checkIP(address) !== undefined)
}

function signedBy(pem: string, ca: string): boolean {
  return new X509Certificate(pem).verify(new X509Certificate(ca).publicKey)
}
