// Web Push: RFC 8030 (delivery), RFC 8291 (the payload is encrypted for the device), RFC 8292 (VAPID).

import { createHash } from 'node:crypto'
import webpush from 'web-push'
import { type Channel, Undelivered } from '../../modules/notices/port'

const secondsOf = (header: string | string[] | undefined): number | undefined => {
  const seconds = Number(header)
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3600) : undefined
}

export const webPush: Channel<'push'> = {
  key: 'push',
  perMin: 60,
  // The topic replaces it at the push service, the tag on the device.
  repeatable: true,
  async send(m, target, net) {
    const details = webpush.generateRequestDetails(
      { endpoint: target.endpoint, keys: { p256dh: target.p256dh, auth: target.auth } },
      // 4096 bytes is all that a push service must carry.
      JSON.stringify({
        title: m.title,
        body: [...m.text].slice(0, 400).join(''),
        url: m.url,
        tag: m.tag,
        urgency: m.urgency,
      }),
      {
        vapidDetails: target.vapid,
        contentEncoding: 'aes128gcm',
        // An offer is of no use after hours; other news is still news tomorrow.
        TTL: m.urgency === 'urgent' ? 3600 : 86_400,
        urgency: m.urgency === 'urgent' ? 'high' : m.urgency === 'quiet' ? 'low' : 'normal',
        topic: createHash('sha256').update(m.tag).digest('base64url').slice(0, 32),
      },
    )
    const headers = Object.fromEntries(
      Object.entries(details.headers as Record<string, unknown>).map(([k, v]) => [k, String(v)]),
    )
    const answer = await net.post(details.endpoint, { headers, body: (details.body as Buffer | null) ?? '' })
    if (answer.status >= 200 && answer.status < 300) return
    const detail = `HTTP ${answer.status} ${answer.text.slice(0, 200)}`.trim()
    if (answer.status === 404 || answer.status === 410) throw new Undelivered('gone', { detail, retry: false })
    if (answer.status === 429)
      throw new Undelivered('throttled', {
        detail,
        retry: true,
        retryAfterSec: secondsOf(answer.headers['retry-after']),
      })
    if (answer.status >= 500)
      throw new Undelivered('vendor_error', {
        detail,
        retry: true,
        retryAfterSec: secondsOf(answer.headers['retry-after']),
      })
    throw new Undelivered(answer.status === 401 || answer.status === 403 ? 'signature' : 'refused', {
      detail,
      retry: false,
    })
  },
}
