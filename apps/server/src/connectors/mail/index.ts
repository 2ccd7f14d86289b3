import { createTransport } from 'nodemailer'
import { type Channel, type MailTarget, type Message, Undelivered } from '../../modules/notices/port'
import { OutboundError } from '../../platform/outbound'

const safe = (s: string) =>
  s.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] as string)

/** One column, no pictures, no trackers: it reads alike in every mail program and in the preview line. */
function html(m: Message, target: MailTarget): string {
  const link = (url: string, word: string) =>
    `<a href="${safe(url)}" style="color:#0f766e;text-decoration:none">${safe(word)}</a>`
  const lines = m.lines
    .map(
      (l) =>
        `<li style="margin:0 0 8px">${link(l.url, l.title)}<br><span style="color:#555">${safe(l.text)}</span></li>`,
    )
    .join('')
  return `<!doctype html><html><body style="margin:0;padding:24px;font:15px/1.6 system-ui,'PingFang SC','Microsoft YaHei',sans-serif;color:#1b1f23">
<h1 style="margin:0 0 8px;font-size:18px">${safe(m.title)}</h1>
<p style="margin:0 0 16px">${safe(m.text)}</p>
${lines ? `<ul style="margin:0 0 16px;padding:0 0 0 18px">${lines}</ul>` : ''}
<p style="margin:0 0 24px">${link(m.url, m.open)}</p>
<p style="margin:0;color:#777;font-size:13px">${safe(target.footer)}</p>
</body></html>`
}

const plain = (m: Message, target: MailTarget) =>
  [
    m.text,
    ...m.lines.map((l) => `· ${l.title}：${l.text}\n  ${l.url}`),
    '',
    `${m.open}: ${m.url}`,
    '',
    target.footer,
  ].join('\n')

export const mail: Channel<'email'> = {
  key: 'email',
  perMin: 60,
  // The message id is the delivery's: servers and programs show a repeat once.
  repeatable: true,
  async send(m, target, net) {
    const to = await net.resolve(target.host)
    const transport = createTransport({
      host: to.address,
      port: target.port,
      secure: target.security === 'tls',
      requireTLS: target.security === 'starttls',
      ignoreTLS: target.security === 'none',
      // The certificate is the name's, whichever address it led to.
      tls: { servername: target.host },
      ...(target.user ? { auth: { user: target.user, pass: target.password ?? '' } } : {}),
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    try {
      await transport.sendMail({
        from: target.from,
        to: target.to,
        subject: `${m.title}：${m.text}`.replace(/\s+/g, ' ').slice(0, 150),
        text: plain(m, target),
        html: html(m, target),
        messageId: `<${m.id}@${new URL(m.url).hostname}>`,
        headers: { 'Auto-Submitted': 'auto-generated', ...(m.urgency === 'urgent' ? { Importance: 'high' } : {}) },
      })
    } catch (error) {
      throw failureOf(error as Error & { code?: string; responseCode?: number })
    } finally {
      transport.close()
    }
  },
}

function failureOf(e: Error & { code?: string; responseCode?: number }): Error {
  if (e instanceof OutboundError) return e
  const detail = e.message.slice(0, 300)
  if (e.code === 'EAUTH') return new Undelivered('signature', { detail, retry: false })
  // 4xx means later, 5xx means never (RFC 5321 §4.2.1).
  if (e.responseCode && e.responseCode >= 500)
    return new Undelivered(e.responseCode === 550 || e.responseCode === 553 ? 'not_found' : 'refused', {
      detail,
      retry: false,
    })
  if (e.responseCode) return new Undelivered('vendor_error', { detail, retry: true })
  return new Undelivered(e.code === 'ETIMEDOUT' ? 'timeout' : 'unreachable', { detail, retry: true })
}
