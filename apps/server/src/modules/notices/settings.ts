import { createECDH } from 'node:crypto'
import type { z } from 'zod'
import { MailSettings, NoticeSettings } from '#contracts/notices.schema'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { seal, unseal } from '../../platform/sealed'
import { readSetting, setting } from '../../platform/settings'

export const initialSettings: z.output<typeof NoticeSettings> = {
  quiet: { from: '22:00', to: '07:00' },
  throughQuiet: ['dispatch'],
  dedupeMin: 10,
  pushAfterSec: { urgent: 10, normal: 30 },
  mailAfterMin: { urgent: 10, normal: 30 },
  digestAt: '08:30',
  defaults: {
    dispatch: { push: true, email: false },
    checkin: { push: true, email: false },
    request: { push: true, email: false },
    talk: { push: true, email: false },
    survey: { push: true, email: true },
    project: { push: true, email: true },
    report: { push: true, email: false },
    operations: { push: false, email: true },
  },
}
export const noticeSetting = setting('notices', NoticeSettings, initialSettings)
export const mailSetting = setting('notices.mail', MailSettings.nullable(), null)

const purpose = 'notice secrets'
type WithSecret = Pick<Ctx, 'db' | 'secret'>

export const sealed = (ctx: Pick<Ctx, 'secret'>, text: string) => seal(ctx.secret, purpose, text)
export const opened = (ctx: Pick<Ctx, 'secret'>, bytes: Buffer) => unseal(ctx.secret, purpose, bytes)

export async function keepSecret(ctx: Ctx, key: string, text: string): Promise<void> {
  await ctx.db.run(sql`insert into notice_secrets (key, sealed, changed_at) values (${key}, ${sealed(ctx, text)}, ${ctx.now})
    on conflict (key) do update set sealed = excluded.sealed, changed_at = excluded.changed_at`)
}
export async function findSecret(ctx: WithSecret, key: string): Promise<string | null> {
  const row = await ctx.db.maybe<{ sealed: Buffer }>(sql`select sealed from notice_secrets where key = ${key}`)
  return row ? opened(ctx, row.sealed) : null
}

export interface VapidKeys {
  publicKey: string
  privateKey: string
}

/**
 * The keys under which push services know this installation (RFC 8292: P-256). Made once, when they are first needed:
 * every device's subscription is bound to them, so they never change.
 */
export async function vapidKeys(ctx: WithSecret & { now: Date }): Promise<VapidKeys> {
  const kept = await findSecret(ctx, 'vapid')
  if (kept) return JSON.parse(kept)
  const pair = createECDH('prime256v1')
  const made: VapidKeys = { publicKey: pair.generateKeys('base64url'), privateKey: pair.getPrivateKey('base64url') }
  await ctx.db.run(sql`insert into notice_secrets (key, sealed, changed_at)
    values ('vapid', ${sealed(ctx, JSON.stringify(made))}, ${ctx.now}) on conflict do nothing`)
  // Of two servers that start together one wins; both read what it wrote.
  return JSON.parse((await findSecret(ctx, 'vapid')) as string)
}

export interface MailServer extends z.output<typeof MailSettings> {
  password: string | null
}
/** The mail server, if one is set and switched on. */
export async function mailServer(ctx: WithSecret): Promise<MailServer | null> {
  const mail = await readSetting(ctx, mailSetting)
  return mail?.enabled ? { ...mail, password: await findSecret(ctx, 'mail') } : null
}
