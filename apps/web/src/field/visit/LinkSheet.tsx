import { toString as drawQr } from 'qrcode'
import { useEffect, useState } from 'react'
import { call, type Reply } from '../../common/api/call'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { ErrorState, Loading } from '../../common/states'
import { words } from './document.words'
import { Sheet } from './Sheet'

/** The customer's link as a picture to scan: he reads and signs on his own phone; the page behind follows live. */
export default function LinkSheet({ visitId, zone, onClose }: { visitId: string; zone: string; onClose: () => void }) {
  const t = useWords(words)
  const f = useFormat(zone)
  const [link, setLink] = useState<Reply<'POST /api/visits/:id/link'> & { svg: string }>()
  const [error, setError] = useState<unknown>()
  const [round, setRound] = useState(0)
  useEffect(() => {
    let current = true
    setError(undefined)
    const issue = async () => {
      const made = await call('POST /api/visits/:id/link', { params: { id: visitId }, body: { channel: 'shown' } })
      const svg = await drawQr(new URL(made.url, location.origin).href, { type: 'svg', margin: 2 })
      if (current) setLink({ ...made, svg })
    }
    issue().catch((e: unknown) => current && setError(e))
    return () => {
      current = false
    }
  }, [visitId, round])
  return (
    <Sheet title={t('link.title')} onClose={onClose}>
      {error ? (
        <ErrorState error={error} onRetry={() => setRound(round + 1)} />
      ) : link ? (
        <>
          <p className="zc-note">{t('link.text')}</p>
          <img className="zc-qr" src={`data:image/svg+xml;utf8,${encodeURIComponent(link.svg)}`} alt={t('link.alt')} />
          <p className="zc-note">
            {t('link.waiting')} · {t('link.expires', { when: f.when(link.expiresAt) })}
          </p>
        </>
      ) : (
        <Loading lines={3} />
      )}
    </Sheet>
  )
}
