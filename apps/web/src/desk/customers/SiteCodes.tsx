import { Copy, ExternalLink, Monitor, Printer } from 'lucide-react'
import { useState } from 'react'
import { asApiError } from '../../common/api/problem'
import { useCall, useCommand } from '../../common/api/query'
import { useFormat } from '../../common/i18n/format'
import { joinSentences } from '../../common/i18n/join'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { FormDialog } from '../FormDialog'
import './sitecodes.css'
import { words } from './sitecodes.words'

/** A site's arrival codes: the turning one for a screen at the customer's, the poster for a wall. Issued, shown, revoked. */
export function SiteCodes({ siteId, site }: { siteId: string; site: string }) {
  const t = useWords(words)
  const f = useFormat(useMe().zone)
  const language = useLanguage()
  const params = { id: siteId }
  const codes = useCall('GET /api/sites/:id/codes', { params }, { watch: ['siteCode'] })
  const refetch = () => void codes.refetch()
  const issue = useCommand('POST /api/sites/:id/codes', { onSuccess: refetch })
  const revoke = useCommand('POST /api/site-codes/:id/revoke', {
    onSuccess: () => {
      setRevoking(null)
      setReason('')
      refetch()
    },
  })
  const [revoking, setRevoking] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  if (codes.error) return <ErrorState error={codes.error} onRetry={refetch} />
  if (!codes.data) return <Loading shape="rows" lines={2} />
  const standing = codes.data.rows.filter((c) => !c.revokedAt)
  const problem = issue.error ? asApiError(issue.error) : null
  return (
    <section className="site-codes" aria-label={t('title', { site })}>
      <p>{t('lead')}</p>
      <ul>
        {standing.map((c) => (
          <li key={c.id}>
            <div>
              <b>{t(`kind.${c.kind}`)}</b>{' '}
              {c.kind === 'screen' &&
                (c.seenAt ? (
                  <Tag meaning="teal">{t('seen', { when: f.when(c.seenAt) })}</Tag>
                ) : (
                  <Tag meaning="grey">{t('unseen')}</Tag>
                ))}
              <small>{t('issued', { when: f.when(c.issuedAt), by: c.issuedBy ?? '—' })}</small>
            </div>
            <div className="do">
              {c.url && (
                <>
                  <button
                    type="button"
                    className="zc-btn quiet"
                    onClick={() =>
                      navigator.clipboard.writeText(new URL(c.url as string, location.origin).href).then(
                        () => toast(t('copied')),
                        () => toast(c.url as string, { ms: 20_000 }),
                      )
                    }
                  >
                    <Copy className="zc-icon" size={15} aria-hidden />
                    {t('copy')}
                  </button>
                  <a className="zc-btn quiet" href={new URL(c.url).pathname} target="_blank" rel="noreferrer">
                    <ExternalLink className="zc-icon" size={15} aria-hidden />
                    {t('open')}
                  </a>
                </>
              )}
              {c.kind === 'poster' && (
                <a
                  className="zc-btn quiet"
                  href={`/api/site-codes/${c.id}/pdf?lang=${language}`}
                  target="_blank"
                  rel="noreferrer"
                >
                  <Printer className="zc-icon" size={15} aria-hidden />
                  {t('print')}
                </a>
              )}
              {c.can.revoke && (
                <button type="button" className="zc-btn quiet" onClick={() => setRevoking(c.id)}>
                  {t('revoke')}
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {standing.length === 0 && <p className="none">{t('none')}</p>}
      <div className="new">
        <button
          type="button"
          className="zc-btn"
          disabled={issue.isPending}
          onClick={() => issue.mutate({ params, body: { kind: 'screen' } })}
        >
          <Monitor className="zc-icon" size={15} aria-hidden />
          {t('new.screen')}
        </button>
        <button
          type="button"
          className="zc-btn"
          disabled={issue.isPending}
          onClick={() => issue.mutate({ params, body: { kind: 'poster' } })}
        >
          <Printer className="zc-icon" size={15} aria-hidden />
          {t('new.poster')}
        </button>
      </div>
      {problem && (
        <p className="error" role="alert">
          {joinSentences([problem.title, problem.action])}
        </p>
      )}
      {revoking && (
        <FormDialog
          title={t('revoke.title', { site })}
          note={t('revoke.note')}
          submit={t('revoke.do')}
          cancel={t('revoke.keep')}
          danger
          busy={revoke.isPending}
          ready={reason.trim() !== ''}
          error={revoke.error}
          onClose={() => setRevoking(null)}
          onSubmit={() => revoke.mutate({ params: { id: revoking }, body: { reason: reason.trim() } })}
        >
          <label>
            {t('revoke.reason')}
            <input
              className="zc-input"
              value={reason}
              maxLength={500}
              placeholder={t('revoke.hint')}
              onChange={(e) => setReason(e.target.value)}
            />
          </label>
        </FormDialog>
      )}
    </section>
  )
}
