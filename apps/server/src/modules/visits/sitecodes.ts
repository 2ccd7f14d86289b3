// A site's own code. The screen's turns every half minute (a time-based code after RFC 6238, bound to the site), so that a
// photo of it is worth nothing an hour later; the poster's stays the same and is worth less.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { create } from 'qrcode'
import { arrivalsRoutes } from '#contracts/arrivals.schema'
import { type Implemented, implement, implementRaw } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { authorise, can, type ScopeRow } from '../../platform/policy'
import { readSetting } from '../../platform/settings'
import { customerFacts, siteFacts } from '../customers'
import { companySetting } from '../people'
import { posterPdf } from './poster'

export const stepMs = 30_000
/** Steps before and after the one of the check-in: a code read at the turn is still right. */
export const windowSteps = 1
/** Steps that a screen is given ahead: a break of the network of a minute is not seen. */
const aheadSteps = 3

const macOf = (secret: Buffer, text: string) =>
  createHmac('sha256', secret).update(text).digest('base64url').slice(0, 16)
const same = (a: string, b: string) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

export const screenText = (secret: Buffer, id: string, step: number) =>
  `ZCS.${id}.${step}.${macOf(secret, `site-screen:${id}:${step}`)}`
export const posterText = (secret: Buffer, id: string) => `ZCP.${id}.${macOf(secret, `site-poster:${id}`)}`

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const screenForm = new RegExp(`^ZCS\\.(${uuid})\\.(\\d{1,12})\\.([\\w-]{16})$`)
const posterForm = new RegExp(`^ZCP\\.(${uuid})\\.([\\w-]{16})$`)

/** A code that this installation made, or null: another text, or one that was tampered with. */
export function readSiteCode(
  secret: Buffer,
  text: string,
): { kind: 'screen'; id: string; step: number } | { kind: 'poster'; id: string } | null {
  const [, screen, step, mac] = screenForm.exec(text) ?? []
  if (screen && step && mac)
    return same(mac, macOf(secret, `site-screen:${screen}:${step}`))
      ? { kind: 'screen', id: screen, step: Number(step) }
      : null
  const [, poster, posterMac] = posterForm.exec(text) ?? []
  return poster && posterMac && same(posterMac, macOf(secret, `site-poster:${poster}`))
    ? { kind: 'poster', id: poster }
    : null
}

const tokenOf = (secret: Buffer, id: string) =>
  createHmac('sha256', secret).update(`site-token:${id}`).digest('base64url').slice(0, 32)
const hashOf = (token: string) => createHash('sha256').update(token).digest()

interface SiteCodeRow extends ScopeRow {
  id: string
  site_id: string
  kind: 'screen' | 'poster'
  issued_at: Date
  revoked_at: Date | null
  seen_at: Date | null
  issued_by_name: string | null
}
const columns = sql`c.id, c.site_id, c.kind, c.issued_at, c.revoked_at, c.seen_at, c.team_id, c.customer_id, c.people,
  (select u.name from users u where u.id = c.issued_by) as issued_by_name`

export const findSiteCode = (ctx: Pick<Ctx, 'db'>, id: string) =>
  ctx.db.maybe<SiteCodeRow>(sql`select ${columns} from site_codes c where c.id = ${id}`)

const present = (ctx: Ctx, c: SiteCodeRow) => ({
  id: c.id,
  kind: c.kind,
  issuedAt: c.issued_at.toISOString(),
  issuedBy: c.issued_by_name,
  revokedAt: c.revoked_at?.toISOString() ?? null,
  seenAt: c.seen_at?.toISOString() ?? null,
  url: c.kind === 'screen' && !c.revoked_at ? `${ctx.publicUrl}/v/site/${tokenOf(ctx.secret, c.id)}` : null,
  can: can(ctx.actor, c, { revoke: ['site.codes', c.revoked_at === null] }),
})

/** The site's scope is its customer's. */
async function siteOf(ctx: Ctx, siteId: string) {
  const site = await siteFacts(ctx, siteId)
  const customer = await customerFacts(ctx, site.customerId)
  if (!customer) return fail('not_found')
  authorise(ctx.actor, 'site.codes', customer.scope, 'customer.read')
  return { site, scope: customer.scope }
}

async function codeOf(ctx: Ctx, id: string) {
  const c = await findSiteCode(ctx, id)
  if (!c) return fail('not_found')
  await siteOf(ctx, c.site_id)
  return c
}

/** The dark modules of a QR code as one SVG path of unit squares, row by row. */
export function qrPath(text: string): { size: number; path: string } {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  let path = ''
  for (let y = 0; y < modules.size; y++)
    for (let x = 0; x < modules.size; ) {
      let run = 0
      while (x + run < modules.size && modules.get(y, x + run)) run++
      if (run > 0) path += `M${x} ${y}h${run}v1h-${run}z`
      x += run || 1
    }
  return { size: modules.size, path }
}

export const siteCodeHandlers: Implemented[] = [
  implement(arrivalsRoutes.siteCodes, async (ctx, { params }) => {
    await siteOf(ctx, params.id)
    const rows = await ctx.db.query<SiteCodeRow>(
      sql`select ${columns} from site_codes c where c.site_id = ${params.id} order by c.issued_at desc, c.id desc limit 50`,
    )
    return { rows: rows.map((c) => present(ctx, c)) }
  }),

  implement(arrivalsRoutes.issueSiteCode, async (ctx, { params, body }) => {
    const { site, scope } = await siteOf(ctx, params.id)
    const id = newId()
    await ctx.db.run(sql`
      insert into site_codes (id, site_id, kind, token_hash, issued_by, issued_at, team_id, customer_id, people)
      values (${id}, ${site.id}, ${body.kind}, ${hashOf(tokenOf(ctx.secret, id))}, ${ctx.actor.id}, ${ctx.now},
        ${scope.team_id}, ${scope.customer_id}, ${[...scope.people]})`)
    await ctx.emit({
      type: 'site_code.issued',
      aggregate: 'siteCode',
      aggregateId: id,
      payload: { siteId: site.id, kind: body.kind },
      scope,
    })
    return present(ctx, (await findSiteCode(ctx, id)) as SiteCodeRow)
  }),

  implement(arrivalsRoutes.revokeSiteCode, async (ctx, { params, body }) => {
    const c = await codeOf(ctx, params.id)
    if (c.revoked_at === null) {
      await ctx.db.run(sql`update site_codes set revoked_at = ${ctx.now} where id = ${c.id} and revoked_at is null`)
      await ctx.emit({
        type: 'site_code.revoked',
        aggregate: 'siteCode',
        aggregateId: c.id,
        payload: { siteId: c.site_id, kind: c.kind },
        reason: body.reason,
        scope: { team_id: c.team_id, customer_id: c.customer_id, people: c.people },
      })
    }
    return present(ctx, (await findSiteCode(ctx, c.id)) as SiteCodeRow)
  }),

  implementRaw(arrivalsRoutes.sitePoster, async (ctx, { params, query }, { reply }) => {
    const c = await codeOf(ctx, params.id)
    if (c.kind !== 'poster' || c.revoked_at) return fail('not_found')
    const site = await siteFacts(ctx, c.site_id)
    const company = await readSetting(ctx, companySetting)
    const bytes = await posterPdf(
      {
        company: company.name,
        phone: company.phone,
        customer: site.customerName,
        site: site.name,
        code: posterText(ctx.secret, c.id),
        number: c.id.slice(-8),
      },
      query.lang ?? 'zh-CN',
    )
    return reply
      .header('content-type', 'application/pdf')
      .header('content-disposition', `inline; filename="site-${c.id.slice(-8)}.pdf"`)
      .send(bytes)
  }),

  implementRaw(arrivalsRoutes.siteScreen, async (ctx, { params }, { app }) => {
    const company = await readSetting(ctx, companySetting)
    const c = await ctx.db.maybe<SiteCodeRow>(
      sql`select ${columns} from site_codes c where c.token_hash = ${hashOf(params.token)}`,
    )
    if (c?.kind !== 'screen' || c.revoked_at) return fail('link_unknown', { phone: company.phone })
    // So that the desk sees whether the screen is alive; once a few minutes is enough.
    if (!c.seen_at || ctx.now.getTime() - c.seen_at.getTime() > 5 * 60_000)
      await app.asSystem('siteCode.seen', (s) =>
        s.db.run(sql`update site_codes set seen_at = ${s.now} where id = ${c.id}`),
      )
    const site = await siteFacts(ctx, c.site_id)
    const now = Math.floor(ctx.now.getTime() / stepMs)
    return {
      company: { name: company.name, phone: company.phone },
      site: site.name,
      stepMs,
      serverTime: ctx.now.toISOString(),
      codes: Array.from({ length: aheadSteps }, (_, i) => ({
        from: new Date((now + i) * stepMs).toISOString(),
        ...qrPath(screenText(ctx.secret, c.id, now + i)),
      })),
    }
  }),
]
