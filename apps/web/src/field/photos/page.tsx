import { FileImage, ImageUp, RotateCw } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { formatBytes, useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { Empty } from '../../common/states'
import { Link } from '../router'
import { FieldBar } from '../shell/Shell'
import { useLocalPhotos, usePhotoQueue, usePhotoStatus } from './hooks'
import { choices, lineKind, onLine } from './network'
import { FullNote } from './PhotoGrid'
import { PhotoSheet, useProblem } from './PhotoSheet'
import { useStateWords } from './stateWords'
import './photos.css'
import type { LocalPhoto } from './queue'
import { words } from './words'

/** The line as it is now; the page follows its changes. */
function useLine() {
  const [line, setLine] = useState(() => ({ kind: lineKind(), online: navigator.onLine }))
  useEffect(() => onLine(() => setLine({ kind: lineKind(), online: navigator.onLine })), [])
  return line
}

/** Everything that has yet to leave this phone, why it waits, and by which line it may go. */
export default function PhotosPage() {
  const t = useWords(words)
  const queue = usePhotoQueue()
  const status = usePhotoStatus()
  const photos = useLocalPhotos().filter((p) => p.state !== 'done')
  const line = useLine()
  return (
    <>
      <FieldBar title={t('title')} back="/m/me" />
      {photos.length === 0 ? (
        <Empty icon={ImageUp} title={t('page.none')}>
          {t('page.none.text')}
        </Empty>
      ) : (
        <section className="zc-card grid gap-3">
          <h2 className="text-zc-l font-semibold" role="status">
            {t('page.waiting', { n: status.waiting, size: formatBytes(status.bytes) })}
          </h2>
          {status.signedOut && <p className="zc-note">{t('page.out')}</p>}
          {!line.online && <p className="zc-note">{t('page.offline')}</p>}
          {status.held > 0 && line.online ? (
            <>
              <p className="zc-note">{t('page.held', { n: status.held })}</p>
              <button type="button" className="zc-btn primary" onClick={() => void queue?.letGo()}>
                {t(line.kind === 'mobile' ? 'page.letGo' : 'page.sendNow')}
              </button>
            </>
          ) : (
            status.waiting > 0 && (
              <button type="button" className="zc-btn" onClick={() => queue?.retry()}>
                <RotateCw className="zc-icon" size={20} aria-hidden /> {t('page.retry')}
              </button>
            )
          )}
          <FullNote />
          <ul className="zc-photolist">
            {photos.map((p) => (
              <Row key={p.id} photo={p} />
            ))}
          </ul>
        </section>
      )}
      <section className="zc-card grid gap-2">
        <Choice
          label={t('wifi')}
          note={line.kind === 'unknown' ? t('wifi.unknown') : t('wifi.known', { line: t(`line.${line.kind}`) })}
          value={choices.wifiOnly()}
          onChange={(on) => {
            choices.setWifiOnly(on)
            queue?.lineChanged()
          }}
        />
        <Choice
          label={t('asTaken')}
          note={t('asTaken.text')}
          value={choices.asTaken()}
          onChange={(on) => choices.setAsTaken(on)}
        />
      </section>
    </>
  )
}

function Choice(c: { label: string; note: string; value: boolean; onChange: (on: boolean) => void }) {
  const [on, setOn] = useState(c.value)
  const note = useId()
  return (
    <label className="zc-switch">
      <span>{c.label}</span>
      <input
        type="checkbox"
        role="switch"
        checked={on}
        aria-checked={on}
        aria-describedby={note}
        onChange={(e) => {
          setOn(e.target.checked)
          c.onChange(e.target.checked)
        }}
      />
      <small id={note}>{c.note}</small>
    </label>
  )
}

function Row({ photo }: { photo: LocalPhoto }) {
  const t = useWords(words)
  const f = useFormat()
  const said = useStateWords()(photo)
  const problem = useProblem()(photo)
  const [open, setOpen] = useState(false)
  return (
    <li>
      <button type="button" onClick={() => setOpen(true)}>
        {photo.blind ? (
          <span className="blank">
            <FileImage className="zc-icon" size={24} aria-hidden />
          </span>
        ) : (
          <img src={photo.url} alt="" loading="lazy" />
        )}
        <span className="grid min-w-0 gap-1">
          <span className="zc-clip">
            {f.when(photo.takenAt)} · {formatBytes(photo.bytes)}
          </span>
          <small className="text-text-2">{photo.unsaved ? t('unsaved') : (problem ?? said)}</small>
          {photo.state === 'sending' && <progress max={1} value={photo.progress} aria-label={said} />}
        </span>
      </button>
      <Link className="zc-note" to={`/m/visits/${photo.visitId}`}>
        {t('page.visit')}
      </Link>
      {open && <PhotoSheet photo={photo} onClose={() => setOpen(false)} />}
    </li>
  )
}
