import type { Scene } from './scene'

const modules = import.meta.glob<{ scene: Scene }>('./*/scene.{ts,tsx}', { eager: true })

/** Every place built so far, in the order of the rail. */
export const scenes: Scene[] = Object.values(modules)
  .map((m) => m.scene)
  .sort((a, b) => a.order - b.order)

/** The places of a person with these abilities. */
export function places(abilities: readonly string[]): Scene[] {
  return scenes.filter((s) => s.ability === undefined || abilities.includes(s.ability))
}
