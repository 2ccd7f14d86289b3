import { recall, remember } from '../../common/storage'

/** Chromium tells the kind of line on phones; Safari and Firefox tell nothing. */
type Line = EventTarget & { type?: string; saveData?: boolean }
const line = () => (navigator as { connection?: Line }).connection

export type Kind = 'wifi' | 'mobile' | 'unknown'
/** What the phone is connected by, as far as this browser says. */
export function lineKind(): Kind {
  const type = line()?.type
  if (type === 'wifi' || type === 'ethernet') return 'wifi'
  if (type === 'cellular' || type === 'wimax' || type === 'bluetooth') return 'mobile'
  return 'unknown'
}

export function onLine(tell: () => void): () => void {
  const l = line()
  l?.addEventListener('change', tell)
  window.addEventListener('online', tell)
  window.addEventListener('offline', tell)
  return () => {
    l?.removeEventListener('change', tell)
    window.removeEventListener('online', tell)
    window.removeEventListener('offline', tell)
  }
}

const WIFI = 'zc.photos.wifi'
const AS_TAKEN = 'zc.photos.asTaken'
/** Choices of this phone, not of its person: another tariff, another camera. */
export const choices = {
  wifiOnly: () => recall(WIFI) === '1',
  setWifiOnly: (on: boolean) => remember(WIFI, on ? '1' : null),
  asTaken: () => recall(AS_TAKEN) === '1',
  setAsTaken: (on: boolean) => remember(AS_TAKEN, on ? '1' : null),
}

/** Whether a photo may go now. On a line of unknown kind “Wi-Fi only” means: when the person says so. */
export const mayGo = (photo: { anyLine: boolean }): boolean =>
  navigator.onLine && (!choices.wifiOnly() || photo.anyLine || lineKind() === 'wifi')
