// What a phone signs when somebody checks in. The server makes the same text from what it was sent and compares.

import canonicalize from 'canonicalize'

export interface SignedCheckIn {
  visitId: string
  deviceId: string
  /** Id of the nonce that the server gave out beforehand; null when the phone had none left. */
  nonce: string | null
  /** ISO instant by the phone's clock. */
  at: string
  fix: unknown
  code: { kind: string; value: string } | null
  /** Evidence id → SHA-256 of the bytes as they were taken. */
  photos: Record<string, string>
}

/** RFC 8785 canonical JSON with a version, so that a later form cannot be taken for this one. */
export const checkInMessage = (c: SignedCheckIn): string =>
  canonicalize({ v: 1, checkIn: { ...c, fix: c.fix ?? null } }) as string
