import { KeyRound, ScanLine } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { call } from '../../common/api/call'
import { asApiError } from '../../common/api/problem'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { useMe } from '../../common/session'
import { Loading } from '../../common/states'
import { Sheet } from '../visit/Sheet'
import './arrive.css'
import { words } from './words'

const Scanner = lazy(() => import('../scan/Scanner'))

/**
 * The code of a second party as far as it has come: typed, compared by the server, kept for later without a network, or
 * scanned at the site. `locked`: six wrong ones.
 */
export type Door =
  | { state: 'open'; value: string; left?: number }
  | { state: 'right' | 'kept'; value: string }
  | { state: 'locked' }
  | { state: 'scanned'; text: string; at: number; turns: boolean }

/** What goes with the check-in. A wrong code that was never put right does not: it has been counted already. */
export function doorBody(door: Door): { kind: 'customer' | 'site_qr'; value: string } | undefined {
  if (door.state === 'scanned') return { kind: 'site_qr', value: door.text }
  if (door.state === 'right' || door.state === 'kept') return { kind: 'customer', value: door.value }
  const typed = door.state === 'open' && door.left === undefined ? door.value.trim() : ''
  return typed ? { kind: 'customer', value: typed } : undefined
}

/** Codes of ours; a machine's sticker is any other short text without spaces. */
const known = (text: string) => /^ZC[SP]\./.test(text) || /^[\w-]{6,64}$/.test(text)

export function DoorCode({ visitId, door, onChange }: { visitId: string; door: Door; onChange: (door: Door) => void }) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const [scanning, setScanning] = useState(false)
  const [unlike, setUnlike] = useState<string>()

  const compare = async (value: string) => {
    setBusy(true)
    setProblem(undefined)
    try {
      const a = await call('POST /api/visits/:id/code', { params: { id: visitId }, body: { value } })
      onChange(
        a.matched
          ? { state: 'right', value }
          : a.locked
            ? { state: 'locked' }
            : { state: 'open', value: '', left: a.left },
      )
    } catch (error) {
      const e = asApiError(error)
      // Without a network it is judged when it arrives; a refusal says why.
      if (e.retryable) onChange({ state: 'kept', value })
      else setProblem(e.title)
    } finally {
      setBusy(false)
    }
  }

  return (
    <section className="zc-part zc-door">
      <header>
        <h2>{t('code')}</h2>
        <small>{t('code.lead')}</small>
      </header>
      {door.state === 'locked' && (
        <div className="locked" role="alert">
          <b>{t('code.locked')}</b>
          <p>{t('code.locked.text')}</p>
        </div>
      )}
      {(door.state === 'right' || door.state === 'kept' || door.state === 'scanned') && (
        <div className="had" role="status">
          <KeyRound className="zc-icon" size={20} aria-hidden />
          <div>
            <b>
              {door.state === 'scanned'
                ? t('scan.done', { time: f.time(new Date(door.at).toISOString()) })
                : t(door.state === 'right' ? 'code.right' : 'code.kept')}
            </b>
            {door.state === 'scanned' && door.turns && <p>{t('scan.now')}</p>}
          </div>
          <button type="button" className="zc-btn quiet" onClick={() => onChange({ state: 'open', value: '' })}>
            {t('code.other')}
          </button>
        </div>
      )}
      {door.state === 'open' && (
        <form
          className="typed"
          onSubmit={(e) => {
            e.preventDefault()
            if (door.value.trim() && !busy) void compare(door.value.trim())
          }}
        >
          <label>
            <span className="zc-hidden">{t('code.customer')}</span>
            <input
              className="zc-input code"
              inputMode="numeric"
              autoComplete="off"
              maxLength={20}
              value={door.value}
              placeholder={t('code.hint')}
              onChange={(e) => onChange({ state: 'open', value: e.target.value })}
            />
          </label>
          <button type="submit" className="zc-btn" disabled={busy || !door.value.trim()} aria-busy={busy}>
            {t(busy ? 'code.checking' : 'code.check')}
          </button>
        </form>
      )}
      {door.state === 'open' && door.left !== undefined && (
        <p className="zc-problem" role="alert">
          {t('code.wrong', { left: door.left })}
        </p>
      )}
      {problem && (
        <p className="zc-problem" role="alert">
          {problem}
        </p>
      )}
      {(door.state === 'open' || door.state === 'locked') && (
        <button type="button" className="zc-btn" onClick={() => setScanning(true)}>
          <ScanLine className="zc-icon" size={20} aria-hidden />
          {t('scan')}
        </button>
      )}
      {scanning && (
        <Sheet title={t('scan.title')} onClose={() => setScanning(false)}>
          <Suspense fallback={<Loading shape="cards" lines={2} />}>
            <Scanner
              onCode={(text) => {
                if (!known(text)) return setUnlike(text.slice(0, 60))
                setUnlike(undefined)
                setScanning(false)
                onChange({ state: 'scanned', text, at: Date.now(), turns: text.startsWith('ZCS.') })
              }}
            />
          </Suspense>
          {unlike && (
            <p className="zc-problem" role="alert">
              {t('scan.unlike', { text: unlike })}
            </p>
          )}
        </Sheet>
      )}
    </section>
  )
}
