import { lazy, Suspense, useState } from 'react'
import { useWords } from '../../common/i18n/words'
import type { VisitFull } from '../../offline/visits'
import { useKeepFile } from '../photos/hooks'
import { Sheet } from '../visit/Sheet'
import { words } from './words'

const LandscapePad = lazy(() => import('../../common/paper/LandscapePad').then((m) => ({ default: m.LandscapePad })))

/** Somebody on site signs one item of the checklist: his name first, then the sheet. */
export default function SignItem({
  visit,
  title,
  onSigned,
  onClose,
}: {
  visit: VisitFull
  title: string
  onSigned: (value: { evidenceId: string; name: string }) => void
  onClose: () => void
}) {
  const t = useWords(words)
  const keep = useKeepFile()
  const [name, setName] = useState('')
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const confirm = async (image: string) => {
    setBusy(true)
    const bytes = await (await fetch(image)).blob()
    onSigned({ evidenceId: await keep(visit, bytes, 'signature'), name: name.trim() })
  }
  if (open)
    return (
      <Suspense>
        <LandscapePad
          signer={name.trim()}
          busy={busy}
          problem={undefined}
          onConfirm={(image) => void confirm(image)}
          onClose={() => setOpen(false)}
        />
      </Suspense>
    )
  return (
    <Sheet
      title={title}
      onClose={onClose}
      foot={
        <button
          type="button"
          className="zc-btn primary big"
          disabled={name.trim() === ''}
          onClick={() => setOpen(true)}
        >
          {t('sign')}
        </button>
      }
    >
      <label className="zc-field-row">
        <span>{t('sign.name')}</span>
        <input
          className="zc-input"
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(e) => setName(e.target.value)}
        />
      </label>
    </Sheet>
  )
}
