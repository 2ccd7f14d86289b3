import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

// Each purpose has a key of its own, so that what is sealed for one place opens in no other.
const keyFor = (installation: Buffer, purpose: string) => createHmac('sha256', installation).update(purpose).digest()

/** AES-256-GCM under the installation's key: whoever reads the database alone learns nothing. */
export function seal(installation: Buffer, purpose: string, text: string): Buffer {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyFor(installation, purpose), iv)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), sealed])
}

export function unseal(installation: Buffer, purpose: string, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', keyFor(installation, purpose), sealed.subarray(0, 12))
  decipher.setAuthTag(sealed.subarray(12, 28))
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8')
}
