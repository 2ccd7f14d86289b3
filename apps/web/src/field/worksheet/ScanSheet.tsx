import { lazy, Suspense, useState } from 'react'
import { useWords } from '../../common/i18n/words'
import { Loading } from '../../common/states'
import { Sheet } from '../visit/Sheet'
import { words } from './words'

const Scanner = lazy(() => import('../scan/Scanner'))

/** A code by camera or by hand; answers with the first that is read. */
export default function ScanSheet({
  title,
  onCode,
  onClose,
}: {
  title: string
  onCode: (code: string) => void
  onClose: () => void
}) {
  const t = useWords(words)
  const [typed, setTyped] = useState('')
  return (
    <Sheet title={title} onClose={onClose}>
      <Suspense fallback={<Loading lines={4} />}>
        <Scanner onCode={(code) => onCode(code.trim())} />
      </Suspense>
      <form
        className="zc-scantype"
        onSubmit={(e) => {
          e.preventDefault()
          if (typed.trim()) onCode(typed.trim())
        }}
      >
        <label className="zc-field-row">
          <span>{t('scan.type')}</span>
          <input
            className="zc-input"
            maxLength={120}
            autoCapitalize="characters"
            autoComplete="off"
            value={typed}
            onChange={(e) => setTyped(e.target.value)}
          />
        </label>
        <button type="submit" className="zc-btn" disabled={typed.trim() === ''}>
          {t('scan.use')}
        </button>
      </form>
    </Sheet>
  )
}
