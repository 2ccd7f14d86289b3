import { createHash, createHmac } from 'node:crypto'

/** 192 bits, made from the installation's key: nobody can guess it, and the database does not know it. */
export const tokenOf = (secret: Buffer, linkId: string): string =>
  createHmac('sha256', secret).update(`link:${linkId}`).digest('base64url').slice(0, 32)

export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest()
