// A phone as the server meets it: its own key, its numbers, its signature. For the demo's people, the tests and the fixtures.

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { checkInMessage, type SignedCheckIn } from '#lifecycle'

export interface PublicKey {
  kty: 'EC'
  crv: 'P-256'
  x: string
  y: string
}

export class Phone {
  readonly #key: KeyObject
  readonly publicKey: PublicKey
  /** One-time numbers that it holds, oldest first. */
  nonces: string[] = []

  constructor(readonly id: string) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#key = privateKey
    const { x, y } = publicKey.export({ format: 'jwk' })
    this.publicKey = { kty: 'EC', crv: 'P-256', x: x as string, y: y as string }
  }

  /** What stands beside a check-in; uses up a number unless one is given. */
  prove(
    c: Pick<SignedCheckIn, 'visitId' | 'fix'> & { at: Date } & Partial<
        Pick<SignedCheckIn, 'code' | 'photos' | 'nonce'>
      >,
  ) {
    const nonce = c.nonce === undefined ? (this.nonces.shift() ?? null) : c.nonce
    const at = c.at.toISOString()
    const photos = c.photos ?? {}
    const message = checkInMessage({
      visitId: c.visitId,
      deviceId: this.id,
      nonce,
      at,
      fix: c.fix ?? null,
      code: c.code ?? null,
      photos,
    })
    const signature = sign('sha256', Buffer.from(message), { key: this.#key, dsaEncoding: 'ieee-p1363' })
    return { at, nonce, photos, signature: signature.toString('base64url') }
  }
}
