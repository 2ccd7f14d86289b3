// WeCom, robot of a group (企业微信群机器人): POST …/cgi-bin/webhook/send?key=…; the key is all there is of a signature.
// Twenty messages a minute; markdown of at most 4096 bytes.

import { type Channel, type Message, Undelivered } from '../../modules/notices/port'

const plain = (s: string) => s.replace(/[<>]/g, (c) => (c === '<' ? '＜' : '＞')).replace(/[[\]`*#]/g, ' ')

/** Cut between characters: half a Chinese character is refused. */
function within(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  let out = ''
  let size = 0
  for (const c of text) {
    size += Buffer.byteLength(c)
    if (size > bytes - 3) return `${out}…`
    out += c
  }
  return out
}

function markdown(m: Message): string {
  const head = `**${plain(m.title)}**`
  const link = `\n[${plain(m.open)}](${m.url})`
  const body = [
    plain(m.text),
    ...m.lines.map((l) => `> ${plain(l.title)} <font color="comment">${plain(l.text)}</font>`),
    ...(m.names.length > 0 ? [`<font color="comment">${plain(m.names.join('、'))}</font>`] : []),
  ].join('\n')
  return `${head}\n${within(body, 4000 - Buffer.byteLength(head + link))}${link}`
}

export const wecom: Channel<'wecom'> = {
  key: 'wecom',
  perMin: 20,
  repeatable: false,
  async send(m, target, net) {
    const answer = await net.post(target.url, {
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ msgtype: 'markdown', markdown: { content: markdown(m) } }),
    })
    if (answer.status === 429)
      throw new Undelivered('throttled', { detail: 'HTTP 429', retry: true, retryAfterSec: 60, throttle: true })
    if (answer.status >= 500) throw new Undelivered('vendor_error', { detail: `HTTP ${answer.status}`, retry: true })
    const said = parse(answer.text)
    if (said.errcode === 0) return
    const detail = `${said.errcode ?? `HTTP ${answer.status}`} ${said.errmsg ?? ''}`.trim().slice(0, 300)
    switch (said.errcode) {
      case 45009:
      case 45033:
        throw new Undelivered('throttled', { detail, retry: true, retryAfterSec: 60, throttle: true })
      case 93000:
      case 93008:
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
