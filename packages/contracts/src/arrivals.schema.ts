import { z } from 'zod'
import { Can, Coordinate, Id, IdParams, Instant, Ok, Page, Reason, text } from './common.schema'
import { OrderType } from './orders.schema'
import { defineRoute } from './route'
import { CheckInRow, EvidenceRow, Fix, Grade } from './visits.schema'

/** What a company may ask for at the door. */
export const Asked = z.enum(['place', 'code', 'photo'])

/** Which evidence an arrival brings, how many are looked at without cause, and whether there may be a track. */
export const ArrivalPolicy = z.object({
  asked: z.object({ all: z.array(Asked), byType: z.partialRecord(OrderType, z.array(Asked)) }),
  /** Share of the trusted check-ins that are drawn for a look. */
  spotRate: z.number().min(0).max(0.2),
  track: z.object({ on: z.boolean(), keepDays: z.number().int().min(1).max(90) }),
})

const PublicKey = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().regex(/^[\w-]{43}$/),
  y: z.string().regex(/^[\w-]{43}$/),
})

export const DeviceRow = z.object({
  id: z.string(),
  label: z.string().nullable(),
  boundAt: Instant,
  lastSeenAt: Instant,
  keyed: z.boolean(),
})

const SiteCode = z.object({
  id: Id,
  kind: z.enum(['screen', 'poster']),
  issuedAt: Instant,
  issuedBy: z.string().nullable(),
  revokedAt: Instant.nullable(),
  seenAt: Instant.nullable(),
  /** The screen's address; made again from the installation's key. Null for posters and what is revoked. */
  url: z.string().nullable(),
  can: Can,
})

/** A position with its time, as maps draw it. */
const Placed = z.object({ at: Instant, fix: Fix })

const tag = 'arrivals'

export const arrivalsRoutes = {
  arrivalPolicy: defineRoute({
    method: 'GET',
    path: '/api/arrival-policy',
    tag,
    access: 'visit.read',
    summary: { zh: '签到规则', en: 'Rules of arrival' },
    reply: ArrivalPolicy.extend({ can: Can }),
  }),
  setArrivalPolicy: defineRoute({
    method: 'POST',
    path: '/api/arrival-policy',
    tag,
    access: 'arrival.policy',
    command: 'arrival.setPolicy',
    summary: { zh: '修改签到规则', en: 'Change the rules of arrival' },
    body: ArrivalPolicy,
    reply: ArrivalPolicy.extend({ can: Can }),
  }),
  registerDevice: defineRoute({
    method: 'POST',
    path: '/api/field/device',
    tag,
    access: 'self',
    command: 'device.register',
    errors: ['forbidden', 'device_of_other'],
    summary: { zh: '登记本机公钥', en: "Register this phone's public key" },
    body: z.object({ deviceId: text(80), publicKey: PublicKey, label: text(80).optional() }),
    reply: DeviceRow,
  }),
  issueNonces: defineRoute({
    method: 'POST',
    path: '/api/field/nonces',
    tag,
    access: 'self',
    command: 'nonce.issue',
    errors: ['forbidden'],
    summary: { zh: '领取一次性签到号（供离线使用）', en: 'Fetch one-time numbers for check-ins, also offline' },
    body: z.object({
      deviceId: text(80),
      /** Those that the phone still holds: it is given as many as it lacks. */
      held: z.array(Id).max(40).default([]),
    }),
    reply: z.object({
      nonces: z.array(z.object({ id: Id, issuedAt: Instant, expiresAt: Instant })),
      /** Held ones that are worth nothing any more. */
      dead: z.array(Id),
    }),
  }),
  tryCode: defineRoute({
    method: 'POST',
    path: '/api/visits/:id/code',
    tag,
    access: 'visit.work',
    command: 'visit.tryCode',
    errors: ['not_found', 'state_forbids'],
    summary: { zh: '核对客户到场码（最多 6 次）', en: "Compare the customer's arrival code (6 tries)" },
    params: IdParams,
    body: z.object({ value: text(200) }),
    reply: z.object({ matched: z.boolean(), locked: z.boolean(), left: z.number().int() }),
  }),
  /** Everything that was recorded about me, and who looked. */
  myRecord: defineRoute({
    method: 'GET',
    path: '/api/field/record',
    tag,
    access: 'visit.work',
    summary: {
      zh: '我的签到记录：位置、设备、评级、谁看过',
      en: 'My check-ins: positions, devices, grades, who looked',
    },
    query: Page,
    reply: z.object({
      rows: z.array(
        CheckInRow.extend({
          visitId: Id,
          orderNumber: z.string().nullable(),
          title: z.string(),
          customer: z.string(),
          site: z
            .object({ name: z.string(), point: Coordinate.nullable(), radiusM: z.number(), zone: z.string() })
            .nullable(),
          fix: Fix.nullable(),
          distanceM: z.number().nullable(),
          device: z.object({ id: z.string(), label: z.string().nullable() }).nullable(),
          /** How the signature and the one-time number were judged; null for check-ins of before there were any. */
          proof: z.object({ signature: z.string(), nonce: z.string(), code: z.string().nullable() }).nullable(),
          photos: z.number().int(),
          can: Can,
          review: z.object({ by: z.string(), at: Instant, reason: z.string().nullable() }).nullable(),
          appeal: z.object({ at: Instant, reason: z.string().nullable() }).nullable(),
        }),
      ),
      next: z.string().nullable(),
      devices: z.array(DeviceRow),
      nonces: z.object({ open: z.number().int(), used: z.number().int() }),
      views: z.array(
        z.object({
          at: Instant,
          by: z.string(),
          what: z.string(),
          visitId: Id,
          orderNumber: z.string().nullable(),
          title: z.string(),
        }),
      ),
      track: z.object({
        on: z.boolean(),
        keepDays: z.number().int(),
        consentedAt: Instant.nullable(),
        points: z.number().int(),
      }),
    }),
  }),
  consentToTrack: defineRoute({
    method: 'POST',
    path: '/api/field/track-consent',
    tag,
    access: 'self',
    command: 'track.consent',
    errors: ['forbidden'],
    summary: {
      zh: '同意或撤回途中轨迹（撤回即删除）',
      en: 'Consent to a track on the way, or take it back (and erase it)',
    },
    body: z.object({ given: z.boolean() }),
    reply: Ok,
  }),
  addTrack: defineRoute({
    method: 'POST',
    path: '/api/visits/:id/track',
    tag,
    access: 'visit.work',
    command: 'track.add',
    offline: 'append',
    errors: ['not_found', 'track_off'],
    summary: {
      zh: '上报途中位置（需公司开启且本人同意）',
      en: 'Points on the way (company switch and consent needed)',
    },
    params: IdParams,
    body: z.object({ points: z.array(Placed).min(1).max(200) }),
    reply: z.object({ kept: z.number().int() }),
  }),
  arrivalOf: defineRoute({
    method: 'GET',
    path: '/api/visits/:id/arrival',
    tag,
    access: 'visit.review',
    errors: ['not_found'],
    summary: {
      zh: '复核一次到场：位置、路线、照片、历史（查看留痕）',
      en: 'One arrival to review: place, way, photos, history (the look is recorded)',
    },
    params: IdParams,
    reply: z.object({
      checkIns: z.array(
        CheckInRow.extend({
          fix: Fix.nullable(),
          distanceM: z.number().nullable(),
          proof: z
            .object({ signature: z.string(), nonce: z.string(), code: z.string().nullable(), asked: z.array(Asked) })
            .nullable(),
          device: z.object({ id: z.string(), label: z.string().nullable(), boundAt: Instant.nullable() }).nullable(),
          receivedAt: Instant.nullable(),
          appeal: z.object({ at: Instant, reason: z.string().nullable(), photoIds: z.array(Id) }).nullable(),
        }),
      ),
      departed: Placed.nullable(),
      /** The point before this arrival, of another visit. */
      previous: Placed.extend({ place: z.string().nullable() }).nullable(),
      track: z.array(Placed),
      photos: z.array(EvidenceRow),
      history: z.object({
        /** This engineer at this site, newest first. */
        here: z.array(
          z.object({ visitId: Id, at: Instant, grade: Grade.nullable(), distanceM: z.number().nullable() }),
        ),
        /** The last 90 days everywhere. */
        days90: z.object({
          grades: z.record(Grade, z.number().int()),
          appeals: z.number().int(),
          upheld: z.number().int(),
          reasons: z.array(z.object({ code: z.string(), n: z.number().int() })),
        }),
      }),
    }),
  }),
  siteCodes: defineRoute({
    method: 'GET',
    path: '/api/sites/:id/codes',
    tag,
    access: 'site.codes',
    errors: ['not_found'],
    summary: { zh: '站点的到场二维码', en: "A site's arrival codes" },
    params: IdParams,
    reply: z.object({ rows: z.array(SiteCode) }),
  }),
  issueSiteCode: defineRoute({
    method: 'POST',
    path: '/api/sites/:id/codes',
    tag,
    access: 'site.codes',
    command: 'siteCode.issue',
    errors: ['not_found'],
    summary: { zh: '生成到场二维码（屏幕轮换或张贴）', en: 'Issue an arrival code (screen or poster)' },
    params: IdParams,
    body: z.object({ kind: z.enum(['screen', 'poster']) }),
    reply: SiteCode,
  }),
  revokeSiteCode: defineRoute({
    method: 'POST',
    path: '/api/site-codes/:id/revoke',
    tag,
    access: 'site.codes',
    command: 'siteCode.revoke',
    errors: ['not_found'],
    summary: { zh: '停用到场二维码', en: 'Revoke an arrival code' },
    params: IdParams,
    body: z.object({ reason: Reason }),
    reply: SiteCode,
  }),
  sitePoster: defineRoute({
    method: 'GET',
    path: '/api/site-codes/:id/pdf',
    tag,
    access: 'site.codes',
    errors: ['not_found'],
    summary: { zh: '张贴用二维码（PDF）', en: 'The poster as a PDF' },
    params: IdParams,
    query: z.object({ lang: z.enum(['zh-CN', 'en-US']).optional() }),
  }),
  siteScreen: defineRoute({
    method: 'GET',
    path: '/api/site-screen/:token',
    tag,
    access: 'link',
    errors: ['link_unknown'],
    summary: { zh: '客户屏幕上的轮换二维码', en: "The turning code on the customer's screen" },
    params: z.object({ token: z.string().min(1).max(200) }),
    reply: z.object({
      company: z.object({ name: z.string(), phone: z.string() }),
      site: z.string(),
      stepMs: z.number().int(),
      serverTime: Instant,
      /** The code of now and the next ones, so that a short break of the network is not seen. `path` is an SVG path. */
      codes: z.array(z.object({ from: Instant, size: z.number().int(), path: z.string() })),
    }),
  }),
}

/** The rules as a phone keeps them: what is asked for, and whether it may send a track. */
export const ArrivalRules = z.object({
  asked: ArrivalPolicy.shape.asked,
  track: z.object({ on: z.boolean(), consented: z.boolean() }),
})
