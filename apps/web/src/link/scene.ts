import type { ComponentType } from 'react'

/**
 * A page of the customer's link: `src/link/<scene>/scene.ts` exports one as `scene`.
 * `path` is what follows `/v/:token`: '' for progress, 'document', 'survey'.
 */
export type Scene = {
  path: string
  page: () => Promise<{ default: ComponentType<{ token: string }> }>
}
