const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * The short code of evidence: the last 40 bits of its id in Crockford's base 32 (crockford.com/base32.html), so that the
 * phone can write it into a photo before any server heard of it. The database says the same (`evidence_code`).
 */
export function evidenceCode(id: string): string {
  let bits = BigInt(`0x${id.replaceAll('-', '').slice(-10)}`)
  let code = ''
  for (let i = 0; i < 8; i++) {
    code = (alphabet[Number(bits % 32n)] as string) + code
    bits /= 32n
  }
  return code
}
