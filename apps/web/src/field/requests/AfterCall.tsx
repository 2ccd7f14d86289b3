import { useEffect, useState } from 'react'
import { useWords } from '../../common/i18n/words'
import { toast } from '../../common/toast'
import { useAct } from '../../offline'
import { Sheet } from '../visit/Sheet'
import { type BegunCall, begunCall, forgetCall, onCall } from './calls'
import { words } from './words'

/** How long a dialler takes to cover the page: coming back after that is coming back from a call. */
const dialMs = 3_000

/** After a call, one tap: answered or not. Asked when the page is looked at again. */
export default function AfterCall() {
  const t = useWords(words)
  const act = useAct()
  const [call, setCall] = useState<BegunCall | null>(null)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      if (document.visibilityState !== 'visible') return
      clearTimeout(timer)
      const begun = begunCall()
      if (!begun) return
      // Where a tablet shows the dialler beside the page nothing is ever hidden: then a moment has to do.
      timer = setTimeout(() => setCall(begunCall()), Math.max(0, begun.at + dialMs - Date.now()))
    }
    look()
    const off = onCall(look)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearTimeout(timer)
      off()
      document.removeEventListener('visibilitychange', look)
    }
  }, [])
  if (!call) return null
  const close = () => {
    forgetCall()
    setCall(null)
  }
  const say = (outcome: 'reached' | 'unreachable') =>
    void act('visit.call', call.visitId, { outcome, contactId: call.contactId }).then(() => {
      toast(t(outcome === 'reached' ? 'call.noted.reached' : 'call.noted.unreachable', { name: call.name }))
      close()
    })
  return (
    <Sheet title={t('call.title', { name: call.name })} onClose={close}>
      <div className="zc-two">
        <button type="button" className="zc-btn primary big" onClick={() => say('reached')}>
          {t('call.reached')}
        </button>
        <button type="button" className="zc-btn big" onClick={() => say('unreachable')}>
          {t('call.unreachable')}
        </button>
      </div>
      <p className="zc-note">{t('call.note')}</p>
    </Sheet>
  )
}
