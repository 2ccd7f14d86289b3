import { randomBytes, timingSafeEqual } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { fail } from '../../platform/errors'
import { seal as sealText, unseal as unsealText } from '../../platform/sealed'

/** Standard Webhooks: a signature is good for five minutes around its time, whichever clock is off. */
const toleranceSec = 5 * 60

export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

/**
 * The delivery's id, once its signature is proven over the bytes as they were sent. The time is held against the
 * product's own clock; every secret that has not ended may have signed.
 */
export function verifySignature(
  headers: Record<string, unknown>,
  body: Buffer,
  secrets: readonly string[],
  now: Date,
): string {
  const of = (name: string) => (typeof headers[name] === 'string' ? headers[name] : '')
  const id = of('webhook-id')
  const timestamp = of('webhook-timestamp')
  const given = of('webhook-signature')
  if (!id || id.length > 200 || !/^\d{1,12}$/.test(timestamp) || !given) return fail('signature_missing')
  const seconds = Math.round(now.getTime() / 1000) - Number(timestamp)
  if (Math.abs(seconds) > toleranceSec) fail('signature_expired', { seconds: Math.abs(seconds) })
  const at = new Date(Number(timestamp) * 1000)
  // All are compared, each in constant time: the time taken says nothing about which secret is near.
  const right = secrets.map((secret) => {
    const expected = Buffer.from(new Webhook(secret).sign(id, at, body.toString('utf8')))
    return given.split(' ').some((s) => {
      const one = Buffer.from(s)
      return one.length === expected.length && timingSafeEqual(one, expected)
    })
  })
  if (!right.includes(true)) fail('signature_wrong')
  return id
}

const purpose = 'intake secrets'
export const seal = (installation: Buffer, secret: string): Buffer => sealText(installation, purpose, secret)
export const unseal = (installation: Buffer, sealed: Buffer): string => unsealText(installation, purpose, sealed)
