import { useEffect, useRef, useState } from 'react'
import { useConfirm } from '../../common/Confirm'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { useMe } from '../../common/session'
import { toast } from '../../common/toast'
import { closeOffline, offlineOf, useOffline, useStatus } from '../../offline'
import { isPending } from '../../offline/outbox'
import { words } from './words'

type Room = { used: number; quota: number; persisted: boolean }

async function room(): Promise<Room | null> {
  try {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate()
    return { used: usage, quota, persisted: (await navigator.storage.persisted?.()) ?? false }
  } catch {
    return null
  }
}

const size = (bytes: number) =>
  bytes >= 1e9
    ? `${(bytes / 1e9).toFixed(1)} GB`
    : bytes >= 1e6
      ? `${Math.round(bytes / 1e6)} MB`
      : `${Math.ceil(bytes / 1e3)} KB`

/** Hands a file to the person: the share sheet where it takes files, a download elsewhere. */
async function hand(blob: Blob, name: string): Promise<void> {
  const file = new File([blob], name, { type: blob.type })
  if (navigator.canShare?.({ files: [file] }) && matchMedia('(pointer: coarse)').matches) {
    try {
      await navigator.share({ files: [file] })
      return
    } catch (error) {
      // Closed on purpose: nothing more. Refused by the system: the download still works.
      if ((error as DOMException).name === 'AbortError') return
    }
  }
  const a = document.createElement('a')
  a.href = URL.createObjectURL(blob)
  a.download = name
  a.click()
  setTimeout(() => URL.revokeObjectURL(a.href), 60_000)
}

/** The last rescue, what the phone has room for, and the way to leave nothing behind. */
export function Storage() {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const offline = useOffline()
  const { durable } = useStatus()
  const { confirm, dialog } = useConfirm()
  const [space, setSpace] = useState<Room | null>(null)
  const pick = useRef<HTMLInputElement>(null)
  useEffect(() => {
    void room().then(setSpace)
  }, [])

  const save = async () => {
    const { exportOutbox } = await import('../../offline/rescue')
    const made = await exportOutbox({ id: me.id, name: me.name }, await offlineOf(me))
    await hand(made.blob, made.name)
    toast(
      made.left > 0
        ? t('export.partly', { n: made.items, m: made.files, rest: made.left })
        : t('export.done', { n: made.items, m: made.files }),
    )
  }
  const load = async (file: File) => {
    const { importOutbox, NotOurs } = await import('../../offline/rescue')
    try {
      const { items, files } = await importOutbox(me, await offlineOf(me), file)
      toast(items + files > 0 ? t('import.done', { n: items, m: files }) : t('import.none'))
    } catch (error) {
      if (!(error instanceof NotOurs)) throw error
      toast(error.who ? t('import.other', { name: error.who }) : t('import.bad'), { ms: 8000 })
    }
  }
  const clear = async () => {
    const waiting = offline?.items().filter((i) => isPending(i) || i.state === 'refused').length ?? 0
    const yes = await confirm({
      title: t('clear.ask'),
      consequence: waiting > 0 ? t('clear.lose', { n: waiting }) : t('clear.safe'),
      confirm: t('clear'),
      keep: t('clear.keep'),
      danger: waiting > 0,
    })
    if (!yes) return
    await (await offlineOf(me)).clear()
    closeOffline()
    location.assign('/m/today')
  }
  return (
    <section className="zc-part">
      <header>
        <h2>{t('more')}</h2>
      </header>
      <p className="zc-note">{t('export.text')}</p>
      <div className="zc-two">
        <button type="button" className="zc-btn" onClick={() => void save()}>
          {t('export')}
        </button>
        <button type="button" className="zc-btn" onClick={() => pick.current?.click()}>
          {t('import')}
        </button>
        <input
          ref={pick}
          type="file"
          accept="application/json,.json"
          hidden
          data-testid="import"
          onChange={(e) => {
            const file = e.target.files?.[0]
            e.target.value = ''
            if (file) void load(file)
          }}
        />
      </div>
      <p className="zc-note">
        {t('storage')}
        {!durable
          ? t('storage.volatile')
          : [
              space && t('storage.used', { used: size(space.used), quota: size(space.quota) }),
              space && t(space.persisted ? 'storage.persisted' : 'storage.notPersisted'),
            ]
              .filter(Boolean)
              .join(' · ') || f.number(0)}
      </p>
      <button type="button" className="zc-btn zc-danger" onClick={() => void clear()}>
        {t('clear')}
      </button>
      {dialog}
    </section>
  )
}
