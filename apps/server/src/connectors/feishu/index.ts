// Feishu, custom bot of a group (飞书自定义机器人): POST …/bot/v2/hook/…, with timestamp (seconds) and sign in the body,
// where sign is the Base64 of HMAC-SHA256 of nothing under "timestamp\nsecret". 100 messages a minute, five a second,
// 20 KB each.

import { createHmac } from 'node:crypto'
import { type Channel, type Message, Undelivered } from '../../modules/notices/port'

export function signature(secret: string, now: Date): { timestamp: string; sign: string } {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64') }
}

function card(m: Message) {
  const text = (content: string) => ({ tag: 'div', text: { tag: 'plain_text', content: content.slice(0, 2000) } })
  return {
    msg_type: 'interactive',
    card: {
      config: { wide_screen_mode: true },
      header: {
        template: m.urgency === 'urgent' ? 'orange' : 'turquoise',
        title: { tag: 'plain_text', content: m.title },
      },
      elements: [
        text(m.text),
        ...m.lines.slice(0, 20).map((l) => text(`· ${l.title}：${l.text}`)),
        ...(m.names.length > 0
          ? [{ tag: 'note', elements: [{ tag: 'plain_text', content: m.names.join('、').slice(0, 500) }] }]
          : []),
        {
          tag: 'action',
          actions: [{ tag: 'button', type: 'primary', text: { tag: 'plain_text', content: m.open }, url: m.url }],
        },
      ],
    },
  }
}

export const feishu: Channel<'feishu'> = {
  key: 'feishu',
  perMin: 100,
  repeatable: false,
  async send(m, target, net) {
    const answer = await net.post(target.url, {
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ ...(target.secret ? signature(target.secret, m.now) : {}), ...card(m) }),
    })
    if (answer.status === 429)
      throw new Undelivered('throttled', { detail: 'HTTP 429', retry: true, retryAfterSec: 60, throttle: true })
    if (answer.status >= 500) throw new Undelivered('vendor_error', { detail: `HTTP ${answer.status}`, retry: true })
    const said = parse(answer.text)
    // Older hooks answer StatusCode, newer ones code; both may stand in one answer.
    const code = said.code ?? said.StatusCode
    if (code === 0) return
    const detail = `${code ?? `HTTP ${answer.status}`} ${said.msg ?? said.StatusMessage ?? ''}`.trim().slice(0, 300)
    switch (code) {
      case 11232:
      case 11233:
      case 9499:
        // 9499 is "too many requests" and "bad request" alike; only the words tell.
        if (code === 9499 && !/too many|frequen/i.test(said.msg ?? ''))
          throw new Undelivered('refused', { detail, retry: false })
        throw new Undelivered('throttled', { detail, retry: true, retryAfterSec: 60, throttle: true })
      case 19021:
        throw new Undelivered('signature', { detail, retry: false })
      case 19022:
        throw new Undelivered('refused', { detail, retry: false })
      case 19024:
        throw new Undelivered('rejected_content', { detail, retry: false })
      case 19001:
        throw new Undelivered('not_found', { detail, retry: false })
      default:
        throw new Undelivered('refused', { detail, retry: false })
    }
  },
}

function parse(text: string): { code?: number; msg?: string; StatusCode?: number; StatusMessage?: string } {
  try {
    return JSON.parse(text)
  } catch {
    return { msg: text.slice(0, 200) }
  }
}
