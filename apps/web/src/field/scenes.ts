import { type ComponentType, lazy } from 'react'
import { match } from './router'
import type { Scene } from './scene'

const modules = import.meta.glob<{ scene: Scene }>('./*/scene.{ts,tsx}', { eager: true })
const scenes = Object.values(modules).map((m) => m.scene)

interface PageEntry {
  pattern: string
  Page: ComponentType
  load: () => Promise<{ default: ComponentType }>
}

/** Every page with its pattern; each loads when it is first opened. Fixed names win over parameters. */
export const pages: PageEntry[] = scenes
  .flatMap((s) =>
    Object.entries(s.pages).map(([path, load]) => ({
      pattern: path ? `${s.path}/${path}` : s.path,
      Page: lazy(load),
      load,
    })),
  )
  .sort((a, b) => Number(a.pattern.includes(':')) - Number(b.pattern.includes(':')))

export type TabScene = Scene & { tab: NonNullable<Scene['tab']> }
/** The tabs of a person with these abilities: four at most. */
export function tabsFor(abilities: readonly string[]): TabScene[] {
  return scenes
    .filter((s): s is TabScene => !!s.tab && (s.ability === undefined || abilities.includes(s.ability)))
    .sort((a, b) => a.tab.order - b.tab.order)
    .slice(0, 4)
}

/** Loads the page at an address before anything is drawn: a placeholder, once shown, stays for a third of a second. */
export async function loadPage(path: string): Promise<void> {
  const at = /^\/m\/?$/.test(path) ? '/m/today' : path
  const page = pages.find((p) => match(p.pattern, at))
  if (page) page.Page = (await page.load()).default
}
