import { Camera, CloudUpload, FileImage, Images } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import type { VisitFull } from '../../offline/visits'
import { usePhotoStatus, usePhotos } from './hooks'
import { PhotoSheet } from './PhotoSheet'
import { useStateWords } from './stateWords'
import './photos.css'
import type { LocalPhoto } from './queue'
import { words } from './words'

/** Two ways to a photo: the camera, and the album for what was taken before. */
export function PhotoButtons({
  onAdd,
  album = true,
}: {
  onAdd: (files: File[], fromCamera: boolean) => void
  album?: boolean
}) {
  const t = useWords(words)
  const camera = useRef<HTMLInputElement>(null)
  const pick = useRef<HTMLInputElement>(null)
  const [none, setNone] = useState(false)
  useEffect(() => {
    const input = camera.current
    // A camera that was refused and a person who changed his mind look alike to a page.
    const cancelled = () => setNone(true)
    input?.addEventListener('cancel', cancelled)
    return () => input?.removeEventListener('cancel', cancelled)
  }, [])
  const take = (fromCamera: boolean) => (e: React.ChangeEvent<HTMLInputElement>) => {
    // Some cameras give no type; what it is the server finds out.
    const files = [...(e.target.files ?? [])].filter((f) => f.type === '' || f.type.startsWith('image/'))
    e.target.value = ''
    setNone(files.length === 0)
    if (files.length) onAdd(files, fromCamera)
  }
  return (
    <>
      <div className="zc-photobuttons">
        <input
          ref={camera}
          type="file"
          accept="image/*"
          capture="environment"
          hidden
          onChange={take(true)}
          data-testid="camera"
        />
        <button type="button" className="zc-btn" onClick={() => camera.current?.click()}>
          <Camera className="zc-icon" size={20} aria-hidden /> {t('take')}
        </button>
        {album && (
          <>
            <input ref={pick} type="file" accept="image/*" multiple hidden onChange={take(false)} data-testid="album" />
            <button type="button" className="zc-btn" onClick={() => pick.current?.click()}>
              <Images className="zc-icon" size={20} aria-hidden /> {t('pick')}
            </button>
          </>
        )}
      </div>
      {none && (
        <p className="zc-note" role="status">
          {t('noShot')}
        </p>
      )}
    </>
  )
}

/** A photo that is on this phone: how it stands, and more at a tap. */
export function LocalTile({ photo }: { photo: LocalPhoto }) {
  const t = useWords(words)
  const f = useFormat()
  const said = useStateWords()(photo)
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className="zc-tile zc-localtile"
        data-state={photo.state}
        aria-label={t('local', { time: f.time(photo.takenAt), state: said })}
        onClick={() => setOpen(true)}
      >
        {photo.blind ? <FileImage className="zc-icon" size={30} aria-hidden /> : <img src={photo.url} alt="" />}
        <span className="at">{photo.unsaved && photo.state !== 'done' ? t('unsaved') : said}</span>
        {photo.state === 'sending' && <progress max={1} value={photo.progress} aria-label={said} />}
      </button>
      {open && <PhotoSheet photo={photo} onClose={() => setOpen(false)} />}
    </>
  )
}

/** No room on the phone: said where photos are taken. */
export function FullNote() {
  const t = useWords(words)
  if (!usePhotoStatus().full) return null
  return (
    <div className="zc-fullnote" role="alert">
      <strong>{t('full.title')}</strong>
      <p>{t('full.text')}</p>
    </div>
  )
}

/** Every photo of the visit with where it is: on the server, on its way, or stuck with the way on. */
export function PhotoGrid({ visit, zone, canAdd }: { visit: VisitFull; zone: string; canAdd: boolean }) {
  const t = useWords(words)
  const f = useFormat(zone)
  const { photos, add } = usePhotos(visit)
  const onServer = new Set(visit.evidence.filter((e) => e.storedAt).map((e) => e.id))
  const local = photos.filter((p) => !onServer.has(p.id))
  const here = new Set(local.map((p) => p.id))
  const stored = visit.evidence.filter((e) => e.kind === 'photo' && !here.has(e.id))
  return (
    <>
      {stored.length + local.length > 0 ? (
        <div className="zc-tiles">
          {stored.map((e) =>
            e.url && e.thumbUrl ? (
              <a
                key={e.id}
                className="zc-tile"
                href={e.url}
                target="_blank"
                rel="noreferrer"
                aria-label={t('open', { time: f.when(e.takenAt) })}
              >
                <img src={e.thumbUrl} alt="" loading="lazy" />
                <span className="at">{f.time(e.takenAt)}</span>
              </a>
            ) : (
              <figure key={e.id} className="zc-tile" data-state={e.storedAt ? 'done' : 'elsewhere'}>
                {e.storedAt ? (
                  <FileImage className="zc-icon" size={26} aria-hidden />
                ) : (
                  <CloudUpload className="zc-icon" size={26} aria-hidden />
                )}
                <figcaption>{t(e.storedAt ? 'noPreview' : 'elsewhere')}</figcaption>
              </figure>
            ),
          )}
          {local.map((p) => (
            <LocalTile key={p.id} photo={p} />
          ))}
        </div>
      ) : (
        <p className="zc-note">{t('empty')}</p>
      )}
      <FullNote />
      {canAdd && <PhotoButtons onAdd={(files, fromCamera) => void add(files, fromCamera)} />}
    </>
  )
}
