import { FileClock, HandHelping, Smartphone } from 'lucide-react'
import { useWords } from '../../common/i18n/words'
import { useAbility } from '../../common/session'
import { useRows } from '../../offline'
import { Link } from '../router'
import { useWaitingCount } from './waiting'
import { words } from './words'

/** From one's own page: what waits for me, what is to follow, and how this phone does. */
export function RequestsLinks() {
  const t = useWords(words)
  const works = useAbility('visit.work')
  const waiting = useWaitingCount()
  const papers = useRows('paper').length
  return (
    <>
      {works && (
        <>
          <Link className="zc-btn" to="/m/requests">
            <HandHelping className="zc-icon" size={20} aria-hidden />
            {t('title')}
            {waiting > 0 && <small className="text-text-2">{waiting}</small>}
          </Link>
          <Link className="zc-btn" to="/m/requests/papers">
            <FileClock className="zc-icon" size={20} aria-hidden />
            {t('papers.title')}
            {papers > 0 && <small className="text-text-2">{papers}</small>}
          </Link>
        </>
      )}
      <Link className="zc-btn" to="/m/check">
        <Smartphone className="zc-icon" size={20} aria-hidden />
        {t('check')}
      </Link>
    </>
  )
}
