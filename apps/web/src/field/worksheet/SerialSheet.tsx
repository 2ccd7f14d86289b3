import { useState } from 'react'
import { newId } from '../../common/api/call'
import { useWords } from '../../common/i18n/words'
import { toast } from '../../common/toast'
import { useAct, useRow } from '../../offline'
import type { VisitFull } from '../../offline/visits'
import { Sheet } from '../visit/Sheet'
import type { Sheet as SheetRow } from './data'
import ScanSheet from './ScanSheet'
import { words } from './words'

/** Reads a serial number and says what it is here: the order's machine, another of the site, or one that nobody knows. */
export default function SerialSheet({
  visit,
  sheet,
  onClose,
}: {
  visit: VisitFull
  sheet: SheetRow
  onClose: () => void
}) {
  const t = useWords(words)
  const act = useAct()
  const brief = useRow('brief', visit.id)
  const [code, setCode] = useState<string | null>(null)
  const [name, setName] = useState('')
  const [model, setModel] = useState('')
  if (code === null) return <ScanSheet title={t('serials.scan')} onClose={onClose} onCode={setCode} />
  const own = visit.asset
  const known =
    brief?.assets.find(
      (a) => a.serial?.toLowerCase() === code.toLowerCase() || a.qr === (code.split('/').pop() as string),
    ) ?? (own?.serial?.toLowerCase() === code.toLowerCase() ? own : undefined)
  const mine = known !== undefined && known.id === (sheet.assetId ?? own?.id)
  const done = (purpose: 'check' | 'register' | 'correct') => {
    void act('worksheet.scan', sheet.id, {
      scanId: newId(),
      serial: code,
      purpose,
      name: name.trim() || null,
      model: model.trim() || null,
    })
    toast(t('serial.done'))
    onClose()
  }
  return (
    <Sheet
      title={known?.serial ?? code}
      onClose={onClose}
      foot={
        known ? (
          <>
            <button type="button" className="zc-btn primary big" onClick={() => done(mine ? 'check' : 'correct')}>
              {t(mine ? 'save' : 'serial.correct')}
            </button>
            {!mine && (
              <button type="button" className="zc-btn big" onClick={() => done('check')}>
                {t('serial.keep')}
              </button>
            )}
          </>
        ) : (
          <>
            <button
              type="button"
              className="zc-btn primary big"
              disabled={name.trim() === ''}
              onClick={() => done('register')}
            >
              {t('serial.register')}
            </button>
            <button type="button" className="zc-btn big" onClick={() => done('check')}>
              {t('serial.keep')}
            </button>
          </>
        )
      }
    >
      {known ? (
        <>
          <p className="zc-address">
            <b>{known.name}</b>
            <span>{known.model}</span>
          </p>
          <p className="zc-note">{t(mine ? 'serial.this' : 'serial.other')}</p>
        </>
      ) : (
        <>
          <p className="zc-note">{t('serial.unknown')}</p>
          <label className="zc-field-row">
            <span>{t('serial.name')}</span>
            <input className="zc-input" maxLength={120} value={name} onChange={(e) => setName(e.target.value)} />
          </label>
          <label className="zc-field-row">
            <span>{t('serial.model')}</span>
            <input className="zc-input" maxLength={120} value={model} onChange={(e) => setModel(e.target.value)} />
          </label>
        </>
      )}
    </Sheet>
  )
}
