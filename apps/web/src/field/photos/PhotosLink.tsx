import { ImageUp } from 'lucide-react'
import { formatBytes } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { Link } from '../router'
import { usePhotoStatus } from './hooks'
import { words } from './words'

/** The way to the queue from one's own page: how many photos wait, or that none does. */
export function PhotosLink() {
  const t = useWords(words)
  const { waiting, bytes } = usePhotoStatus()
  return (
    <Link className="zc-btn" to="/m/photos">
      <ImageUp className="zc-icon" size={20} aria-hidden />
      {t('link')}
      <small className="text-text-2">
        {waiting > 0 ? t('page.waiting', { n: waiting, size: formatBytes(bytes) }) : t('link.none')}
      </small>
    </Link>
  )
}
