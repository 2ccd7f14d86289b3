// DingTalk, custom robot of a group (钉钉自定义机器人): POST …/robot/send?access_token=…&timestamp=…&sign=…, where sign is
// the Base64 of HMAC-SHA256 of "timestamp\nsecret" under the secret, the timestamp in milliseconds and within an hour.
// Twenty messages a minute; who sends more is silent for ten.

import { createHmac } from 'node:crypto'
import { type Channel, type Message, Undelivered } from '../../modules/notices/port'

export function signedUrl(url: string, secret: string | null, now: Date): string {
  if (!secret) return url
  const timestamp = String(now.getTime())
  const signed = new URL(url)
  signed.searchParams.set('timestamp', timestamp)
  signed.searchParams.set('sign', createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'))
  return signed.toString()
}

// What people type may not become a heading or a link of ours.
const plain = (s: string) => s.replace(/[[\]`*#>_]/g, ' ')

function card(m: Message) {
  const lines = m.lines.map((l) => `- **${plain(l.title)}** ${plain(l.text)}`)
  const to = m.names.length > 0 ? [`> ${plain(m.names.join('、'))}`] : []
  return {
    msgtype: 'actionCard',
    actionCard: {
      title: m.title,
      text: [`### ${plain(m.title)}`, plain(m.text), ...lines, ...to].join('\n\n').slice(0, 5000),
      singleTitle: m.open,
      singleURL: m.url,
    },
  }
}

export const dingtalk: Channel<'dingtalk'> = {
  key: 'dingtalk',
  perMin: 20,
  repeatable: false,
  async send(m, target, net) {
    const answer = await net.post(signedUrl(target.url, target.secret, m.now), {
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(card(m)),
    })
    if (answer.status === 429)
      throw new Undelivered('throttled', { detail: 'HTTP 429', retry: true, retryAfterSec: 600, throttle: true })
    if (answer.status >= 500) throw new Undelivered('vendor_error', { detail: `HTTP ${answer.status}`, retry: true })
    const said = parse(answer.text)
    if (said.errcode === 0) return
    const detail = `${said.errcode ?? `HTTP ${answer.status}`} ${said.errmsg ?? ''}`.trim().slice(0, 300)
    switch (said.errcode) {
      case 130101:
      case 410100:
      case 90030:
        throw new Undelivered('throttled', { detail, retry: true, retryAfterSec: 600, throttle: true })
      case 310000:
        // One code for three guards of the group: keyword, signature, address of the sender.
        throw new Undelivered(/keyword|关键词/i.test(said.errmsg ?? '') ? 'rejected_content' : 'signature', {
          detail,
          retry: false,
        })
      case 300001:
      case 300005:
      case 400013:
      case 400101:
      case 400102:
        throw new Undelivered('not_found', { detail, retry: false })
      case -1:
        throw new Undelivered('vendor_error', { detail, retry: true })
      default:
        throw new Undelivered('refused', { detail, retry: false })
    }
  },
}

function parse(text: string): { errcode?: number; errmsg?: string } {
  try {
    return JSON.parse(text)
  } catch {
    return { errmsg: text.slice(0, 200) }
  }
}
