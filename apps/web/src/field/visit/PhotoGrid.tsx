import { Camera, CloudUpload, Images, RotateCw, Trash2 } from 'lucide-react'
import { useRef } from 'react'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import type { VisitFull } from '../../offline/visits'
import { words } from './photo.words'
import { dropPhoto, type LocalPhoto, retryPhoto, usePhotos } from './photos'
import './visit.css'

/** Two ways to a photo: the camera, and the album for what was taken before. */
export function PhotoButtons({ onAdd, album = true }: { onAdd: (files: File[]) => void; album?: boolean }) {
  const t = useWords(words)
  const camera = useRef<HTMLInputElement>(null)
  const pick = useRef<HTMLInputElement>(null)
  const take = (e: React.ChangeEvent<HTMLInputElement>) => {
    const files = [...(e.target.files ?? [])].filter((f) => f.type.startsWith('image/'))
    e.target.value = ''
    if (files.length) onAdd(files)
  }
  return (
    <div className="zc-photobuttons">
      <input
        ref={camera}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        onChange={take}
        data-testid="camera"
      />
      <button type="button" className="zc-btn" onClick={() => camera.current?.click()}>
        <Camera className="zc-icon" size={20} aria-hidden /> {t('take')}
      </button>
      {album && (
        <>
          <input ref={pick} type="file" accept="image/*" multiple hidden onChange={take} data-testid="album" />
          <button type="button" className="zc-btn" onClick={() => pick.current?.click()}>
            <Images className="zc-icon" size={20} aria-hidden /> {t('pick')}
          </button>
        </>
      )}
    </div>
  )
}

export function LocalTile({ photo }: { photo: LocalPhoto }) {
  const t = useWords(words)
  const f = useFormat()
  const stuck = photo.state === 'failed' || photo.state === 'refused' || photo.state === 'waiting'
  const text =
    photo.problem === 'https'
      ? t('https')
      : photo.state === 'uploading'
        ? t('uploading', { share: f.percent(photo.progress) })
        : t(photo.state)
  return (
    <figure className="zc-tile" data-state={photo.state}>
      <img src={photo.url} alt={t('local')} />
      <figcaption>{text}</figcaption>
      {photo.state === 'uploading' && <progress max={1} value={photo.progress} aria-label={text} />}
      {stuck && photo.state !== 'refused' && (
        <button type="button" aria-label={t('retry')} onClick={() => retryPhoto(photo.id)}>
          <RotateCw className="zc-icon" size={22} />
        </button>
      )}
      {photo.state === 'refused' && (
        <button type="button" aria-label={t('drop')} onClick={() => dropPhoto(photo.id)}>
          <Trash2 className="zc-icon" size={22} />
        </button>
      )}
    </figure>
  )
}

/** Every photo of the visit with where it is: on the server, on its way, or stuck with the way on. */
export function PhotoGrid({ visit, zone, canAdd }: { visit: VisitFull; zone: string; canAdd: boolean }) {
  const t = useWords(words)
  const f = useFormat(zone)
  const { photos, add } = usePhotos(visit.id)
  const here = new Set(photos.map((p) => p.id))
  const stored = visit.evidence.filter((e) => e.kind === 'photo' && !here.has(e.id))
  return (
    <>
      {stored.length + photos.length > 0 ? (
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
              <figure key={e.id} className="zc-tile" data-state="elsewhere">
                <CloudUpload className="zc-icon" size={26} aria-hidden />
                <figcaption>{t('elsewhere')}</figcaption>
              </figure>
            ),
          )}
          {photos.map((p) => (
            <LocalTile key={p.id} photo={p} />
          ))}
        </div>
      ) : (
        <p className="zc-note">{t('empty')}</p>
      )}
      {canAdd && <PhotoButtons onAdd={(files) => void add(files)} />}
    </>
  )
}
