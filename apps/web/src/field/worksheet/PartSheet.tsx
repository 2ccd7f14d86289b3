import { Minus, Plus, ScanLine, Trash2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useWords } from '../../common/i18n/words'
import { toast } from '../../common/toast'
import { useAct } from '../../offline'
import { Sheet } from '../visit/Sheet'
import type { Sheet as SheetRow } from './data'
import { words } from './words'

const ScanSheet = lazy(() => import('./ScanSheet'))

export type Line = Omit<SheetRow['parts'][number], 'at' | 'by'> & { known: boolean }

/** One line of parts: how many, which pieces came and went. */
export default function PartSheet({ sheet, line, onClose }: { sheet: SheetRow; line: Line; onClose: () => void }) {
  const t = useWords(words)
  const act = useAct()
  const [l, set] = useState(line)
  const [qty, setQty] = useState(String(line.qty))
  const [scanning, setScanning] = useState<'serialIn' | 'serialOut' | null>(null)
  const n = Number(qty.replace(',', '.'))
  const valid = Number.isFinite(n) && n > 0 && n <= 100_000 && l.name.trim() !== '' && l.unit.trim() !== ''
  const step = (by: number) => setQty(String(Math.max(1, Math.round((Number.isFinite(n) ? n : 0) + by))))
  const save = () => {
    const { known: _, id, ...rest } = l
    void act('worksheet.usePart', sheet.id, { ...rest, lineId: id, qty: n, name: l.name.trim(), unit: l.unit.trim() })
    onClose()
  }
  if (scanning)
    return (
      <Suspense>
        <ScanSheet
          title={t(scanning === 'serialIn' ? 'part.in' : 'part.out')}
          onClose={() => setScanning(null)}
          onCode={(code) => {
            set({ ...l, [scanning]: code.slice(0, 120) })
            setScanning(null)
          }}
        />
      </Suspense>
    )
  const serial = (key: 'serialIn' | 'serialOut') => (
    <div className="zc-scantype">
      <label className="zc-field-row">
        <span>{t(key === 'serialIn' ? 'part.in' : 'part.out')}</span>
        <input
          className="zc-input"
          maxLength={120}
          autoCapitalize="characters"
          autoComplete="off"
          value={l[key] ?? ''}
          onChange={(e) => set({ ...l, [key]: e.target.value.trim() || null })}
        />
      </label>
      <button type="button" className="zc-btn" onClick={() => setScanning(key)}>
        <ScanLine className="zc-icon" size={20} aria-hidden /> {t('scan')}
      </button>
    </div>
  )
  return (
    <Sheet
      title={l.partId ? l.name : t('part.title')}
      onClose={onClose}
      foot={
        <>
          <button type="button" className="zc-btn primary big" disabled={!valid} onClick={save}>
            {t('part.save')}
          </button>
          {l.known && (
            <button
              type="button"
              className="zc-btn danger"
              onClick={() => {
                void act('worksheet.dropPart', sheet.id, { lineId: l.id })
                toast(t('part.dropped'))
                onClose()
              }}
            >
              <Trash2 className="zc-icon" size={20} aria-hidden /> {t('part.drop')}
            </button>
          )}
        </>
      }
    >
      {l.partId === null && (
        <>
          <label className="zc-field-row">
            <span>{t('part.name')}</span>
            <input
              className="zc-input"
              maxLength={120}
              value={l.name}
              onChange={(e) => set({ ...l, name: e.target.value })}
            />
          </label>
          <label className="zc-field-row">
            <span>{t('part.unit')}</span>
            <input
              className="zc-input"
              maxLength={20}
              value={l.unit}
              onChange={(e) => set({ ...l, unit: e.target.value })}
            />
          </label>
        </>
      )}
      <div className="zc-field-row">
        <span id="part-qty">
          {t('part.qty')} · {l.unit}
        </span>
        <div className="zc-stepper">
          <button type="button" className="zc-btn big" aria-label={t('part.less')} onClick={() => step(-1)}>
            <Minus className="zc-icon" size={24} />
          </button>
          <input
            className="zc-input"
            inputMode="decimal"
            aria-labelledby="part-qty"
            value={qty}
            onChange={(e) => setQty(e.target.value)}
          />
          <button type="button" className="zc-btn big" aria-label={t('part.more')} onClick={() => step(1)}>
            <Plus className="zc-icon" size={24} />
          </button>
        </div>
      </div>
      {serial('serialIn')}
      {serial('serialOut')}
      <label className="zc-tick">
        <input type="checkbox" checked={l.returned} onChange={(e) => set({ ...l, returned: e.target.checked })} />
        {t('part.returned')}
      </label>
      <label className="zc-field-row">
        <span>{t('part.note')}</span>
        <input
          className="zc-input"
          maxLength={500}
          value={l.note ?? ''}
          onChange={(e) => set({ ...l, note: e.target.value || null })}
        />
      </label>
    </Sheet>
  )
}
