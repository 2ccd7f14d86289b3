import type { LucideIcon } from 'lucide-react'
import type { ComponentType } from 'react'
import type { Ability } from '#contracts'
import type { Language } from '../common/i18n/language'

/**
 * A place on the phone: `src/field/<scene>/scene.ts` exports one as `scene`. At most four have a `tab`
 * (10 今天, 20 日程, 30 消息, 40 我的); the rest is reached from them.
 */
export type Scene = {
  /** Absolute, under `/m`: `/m/today`. */
  path: `/m/${string}`
  label: Record<Language, string>
  /** `useBadge` is a hook: how many things wait there. */
  tab?: { icon: LucideIcon; order: number; useBadge?: () => number }
  ability?: Ability
  /** Relative to `path`: `''`, `:id`, `:id/sign`. */
  pages: Record<string, () => Promise<{ default: ComponentType }>>
}
