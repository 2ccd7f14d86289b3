import { ScanLine } from 'lucide-react'
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react'
import { useWords } from '../../common/i18n/words'
import { Tag } from '../../common/StateTag'
import { useRows } from '../../offline'
import { Sheet } from '../visit/Sheet'
import { findParts, fitsModel } from './search'
import { words } from './words'

const ScanSheet = lazy(() => import('./ScanSheet'))
const shownAtOnce = 60

type Pick = { id: string | null; number: string | null; name: string; unit: string }

/** Finds a part in the catalogue that the phone holds, by words or by its code; what is not in it may be written as it is. */
export default function PickSheet({
  model,
  onPick,
  onClose,
}: {
  model: string | null
  onPick: (part: Pick) => void
  onClose: () => void
}) {
  const t = useWords(words)
  const parts = useRows('part')
  const [q, setQ] = useState('')
  const [scanning, setScanning] = useState(false)
  const later = useDeferredValue(q)
  const found = useMemo(() => findParts(parts, later, model), [parts, later, model])
  const free = q.trim()
  if (scanning)
    return (
      <Suspense>
        <ScanSheet
          title={t('parts.add')}
          onClose={() => setScanning(false)}
          onCode={(code) => {
            setScanning(false)
            const hit = parts.find((p) => p.number.toLowerCase() === code.toLowerCase())
            if (hit) onPick(hit)
            else setQ(code)
          }}
        />
      </Suspense>
    )
  return (
    <Sheet title={t('parts.add')} onClose={onClose}>
      <div className="zc-scantype">
        <label className="zc-field-row">
          <span>{t('parts.search')}</span>
          <input
            className="zc-input"
            type="search"
            enterKeyHint="search"
            maxLength={100}
            value={q}
            onChange={(e) => setQ(e.target.value)}
          />
        </label>
        <button type="button" className="zc-btn" onClick={() => setScanning(true)}>
          <ScanLine className="zc-icon" size={20} aria-hidden /> {t('scan')}
        </button>
      </div>
      <p className="zc-note" role="status">
        {found.length > 0 ? t('parts.found', { n: found.length }) : free ? t('parts.notFound', { q: free }) : ''}
      </p>
      <ul className="zc-worklines">
        {found.slice(0, shownAtOnce).map((p) => (
          <li key={p.id}>
            <button type="button" onClick={() => onPick(p)}>
              <span className="main">
                <b>{p.name}</b>
                <small>{[p.number, p.spec].filter(Boolean).join(' · ')}</small>
              </span>
              {fitsModel(p, model) && <Tag meaning="teal">{t('parts.fits')}</Tag>}
            </button>
          </li>
        ))}
      </ul>
      {free && (
        <button
          type="button"
          className="zc-btn"
          onClick={() => onPick({ id: null, number: null, name: free.slice(0, 120), unit: t('part.unit.piece') })}
        >
          {t('parts.free', { name: free })}
        </button>
      )}
    </Sheet>
  )
}
