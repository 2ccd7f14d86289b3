import { Copy } from 'lucide-react'
import { useWords } from '../../common/i18n/words'
import { toast } from '../../common/toast'
import type { VisitCard } from '../../offline/visits'
import { type MapApp, navigationLinks } from './navigation'
import { Sheet } from './Sheet'
import { words } from './words'

const APPS: MapApp[] = ['amap', 'baidu', 'tencent', 'apple']

/** Which map app shows the way; each is told the place in its own datum. */
export default function NavigateSheet({
  site,
  onClose,
}: {
  site: NonNullable<VisitCard['site']>
  onClose: () => void
}) {
  const t = useWords(words)
  const links = navigationLinks(site)
  return (
    <Sheet title={t('nav.title', { place: site.name })} onClose={onClose}>
      <p className="zc-note">{site.address}</p>
      <div className="zc-menu">
        {APPS.map((app) => (
          <a key={app} href={links[app]} target="_blank" rel="noreferrer noopener" onClick={onClose}>
            {t(`nav.${app}`)}
          </a>
        ))}
        {'clipboard' in navigator && (
          <button
            type="button"
            onClick={() =>
              navigator.clipboard.writeText(site.address).then(
                () => {
                  toast(t('nav.copied'))
                  onClose()
                },
                () => {},
              )
            }
          >
            <Copy className="zc-icon" size={18} aria-hidden /> {t('nav.copy')}
          </button>
        )}
      </div>
    </Sheet>
  )
}
