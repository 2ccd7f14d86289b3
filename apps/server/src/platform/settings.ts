import type { z } from 'zod'
import type { Ctx } from './context'
import { sql } from './database/pool'

/** A company setting: versioned data with a default, so that the product works before anyone has chosen. */
export interface SettingDef<T extends z.ZodType> {
  key: string
  schema: T
  initial: z.output<T>
}
export const setting = <T extends z.ZodType>(key: string, schema: T, initial: z.output<T>): SettingDef<T> => ({
  key,
  schema,
  initial,
})

export async function readSetting<T extends z.ZodType>(ctx: Pick<Ctx, 'db'>, def: SettingDef<T>): Promise<z.output<T>> {
  const row = await ctx.db.maybe<{ value: unknown }>(
    sql`select value from settings where key = ${def.key} order by version desc limit 1`,
  )
  return row ? def.schema.parse(row.value) : def.initial
}

/** Writes a new version; the older ones stay, so that what was decided under them can be explained. */
export async function writeSetting<T extends z.ZodType>(
  ctx: Ctx,
  def: SettingDef<T>,
  value: z.input<T>,
): Promise<void> {
  const parsed = def.schema.parse(value)
  await ctx.db.run(sql`
    insert into settings (key, version, value, changed_by, changed_at)
    select ${def.key}, coalesce(max(version), 0) + 1, ${JSON.stringify(parsed)}::jsonb, ${ctx.actor.id}, ${ctx.now} from settings where key = ${def.key}`)
}
