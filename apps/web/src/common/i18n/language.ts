import { useSyncExternalStore } from 'react'
import { recall, remember } from '../storage'

export type Language = 'zh-CN' | 'en-US'

const listeners = new Set<() => void>()
let chosen: Language | undefined

function detect(): Language {
  const kept = recall('zc.lang')
  if (kept === 'zh-CN' || kept === 'en-US') return kept
  // Chinese first: only a browser that asks for English gets English.
  return typeof navigator !== 'undefined' && /^en/i.test(navigator.language) ? 'en-US' : 'zh-CN'
}

export function currentLanguage(): Language {
  chosen ??= detect()
  return chosen
}

export function setLanguage(language: Language) {
  chosen = language
  remember('zc.lang', language)
  if (typeof document !== 'undefined') document.documentElement.lang = language
  for (const tell of listeners) tell()
}

export function useLanguage(): Language {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell)
      return () => listeners.delete(tell)
    },
    currentLanguage,
    () => 'zh-CN' as const,
  )
}
