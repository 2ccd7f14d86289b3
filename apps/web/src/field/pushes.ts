import { navigate } from './router'

/** A tapped push asks the open page to go where it leads. */
export function followPushes(): void {
  if (!('serviceWorker' in navigator)) return
  navigator.serviceWorker.addEventListener('message', (e: MessageEvent<{ kind?: string; path?: string }>) => {
    if (e.data?.kind === 'open' && e.data.path?.startsWith('/m/')) navigate(e.data.path)
  })
}
