import { FileImage, Trash2, Upload } from 'lucide-react'
import { formatBytes, useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { Sheet } from '../visit/Sheet'
import { usePhotoQueue } from './hooks'
import { lineKind } from './network'
import type { LocalPhoto } from './queue'
import { useStateWords } from './stateWords'
import { words } from './words'

/** Our own words for what happened on the phone; the server's as it said them. */
export function useProblem() {
  const t = useWords(words)
  return (p: LocalPhoto): string | undefined =>
    p.problem === 'too_large' || p.problem === 'not_secure' || p.problem === 'damaged'
      ? t(`why.${p.problem}`)
      : p.problem
}

/** One photo of this phone: its watermark as it will be, how it stands, and what can be done. */
export function PhotoSheet({ photo, onClose }: { photo: LocalPhoto; onClose: () => void }) {
  const t = useWords(words)
  const f = useFormat()
  const queue = usePhotoQueue()
  const said = useStateWords()(photo)
  const problem = useProblem()(photo)
  const facts: [string, string][] = [
    [t('code'), `${photo.code.slice(0, 4)} ${photo.code.slice(4)}`],
    [t('taken'), f.when(photo.takenAt)],
    [t('size'), formatBytes(photo.bytes)],
    [t('state'), said],
  ]
  return (
    <Sheet
      title={t('local', { time: f.time(photo.takenAt), state: said })}
      onClose={onClose}
      foot={
        photo.state === 'refused' ? (
          <button
            type="button"
            className="zc-btn big"
            onClick={() => {
              void queue?.drop(photo.id)
              onClose()
            }}
          >
            <Trash2 className="zc-icon" size={20} aria-hidden /> {t('drop')}
          </button>
        ) : photo.state === 'held' ? (
          <button type="button" className="zc-btn primary big" onClick={() => void queue?.letGo([photo.id])}>
            <Upload className="zc-icon" size={20} aria-hidden /> {t(lineKind() === 'mobile' ? 'letGo' : 'sendNow')}
          </button>
        ) : photo.state === 'waiting' && navigator.onLine ? (
          <button type="button" className="zc-btn primary big" onClick={() => queue?.retry()}>
            <Upload className="zc-icon" size={20} aria-hidden /> {t('sendNow')}
          </button>
        ) : undefined
      }
    >
      <div className="zc-photoview">
        {photo.blind ? <FileImage className="zc-icon" size={56} aria-hidden /> : <img src={photo.url} alt="" />}
      </div>
      {problem && (
        <p className="zc-note" role="alert">
          {problem}
        </p>
      )}
      {photo.blind && photo.state !== 'refused' && <p className="zc-note">{t('blind')}</p>}
      <dl className="zc-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Sheet>
  )
}
