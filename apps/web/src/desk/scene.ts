import type { LucideIcon } from 'lucide-react'
import type { ComponentType } from 'react'
import type { Ability } from '#contracts'
import type { Command } from '../common/CommandPalette'
import type { Language } from '../common/i18n/language'

/**
 * A place on the desk. `src/desk/<scene>/scene.ts` exports one as `scene`; the shell finds it by itself:
 * the rail shows it in `order` to those who have the `ability`, and its pages load when they are opened.
 */
export type Scene = {
  /** Absolute: `/orders`. */
  path: `/${string}`
  icon: LucideIcon
  label: Record<Language, string>
  /** 10 工作台, 20 工单, 30 派工, 40 项目, 50 客户, 60 文档, 70 满意度, 80 绩效; from 90 on it stands under 更多. */
  order: number
  ability?: Ability
  /** False: reachable, but not in the rail. */
  nav?: boolean
  /**
   * Relative to `path`: `''`, `$id`, `$id/edit` (TanStack Router's notation). A list with its detail beside it is one
   * page, `{-$id}`: it stays mounted and keeps its place while details come and go.
   */
  pages: Record<string, () => Promise<{ default: ComponentType }>>
  /** Shown in the top bar at every moment, such as the bell of notices. */
  topBar?: ComponentType
  /** What Ctrl+K finds in this place for the typed words. */
  search?: (text: string, signal: AbortSignal) => Promise<Command[]>
  /** What Ctrl+K always offers, such as 新建工单. Labels in the language given. */
  commands?: (language: Language) => Command[]
}
