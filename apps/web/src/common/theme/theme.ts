import { useSyncExternalStore } from 'react'
import { recall, remember } from '../storage'

/** What the person chose; `system` follows the device and changes with it. */
export type ThemeChoice = 'system' | 'light' | 'dark'
export type Theme = 'light' | 'dark'

const listeners = new Set<() => void>()
const dark = typeof matchMedia === 'undefined' ? undefined : matchMedia('(prefers-color-scheme: dark)')

function apply() {
  document.documentElement.dataset.theme = currentTheme()
  for (const tell of listeners) tell()
}
dark?.addEventListener('change', apply)
if (typeof window !== 'undefined') window.addEventListener('storage', (e) => e.key === 'zc.theme' && apply())

export function themeChoice(): ThemeChoice {
  const kept = recall('zc.theme')
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

export function currentTheme(): Theme {
  const choice = themeChoice()
  return choice === 'system' ? (dark?.matches ? 'dark' : 'light') : choice
}

export function setTheme(choice: ThemeChoice) {
  remember('zc.theme', choice)
  apply()
}

const subscribe = (tell: () => void) => {
  listeners.add(tell)
  return () => listeners.delete(tell)
}

/** The theme on screen now and the choice behind it; re-renders on either's change. */
export function useTheme(): { theme: Theme; choice: ThemeChoice; setTheme: typeof setTheme } {
  const theme = useSyncExternalStore(subscribe, currentTheme)
  const choice = useSyncExternalStore(subscribe, themeChoice)
  return { theme, choice, setTheme }
}

/** A token's value on screen now, for what cannot read CSS variables (canvas, WebGL, antd's palette). */
export function token(name: `--${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}
