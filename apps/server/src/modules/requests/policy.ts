import type { z } from 'zod'
import { RequestsPolicy } from '#contracts/requests.schema'
import type { Ctx } from '../../platform/context'
import { readSetting, setting } from '../../platform/settings'

export type Policy = z.output<typeof RequestsPolicy>

export const requestsSetting = setting('requests', RequestsPolicy, {
  papersHours: 24,
  answerMin: { urgent: 15, normal: 120 },
  escalationHours: { urgent: 2, high: 8, normal: 24, low: 72 },
})

export const readPolicy = (ctx: Pick<Ctx, 'db'>): Promise<Policy> => readSetting(ctx, requestsSetting)
