import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { CircleHelp, CloudUpload, Download, FileImage, Fingerprint, SearchX, TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { PersonChip } from '../../common/Avatar'
import type { Reply } from '../../common/api/call'
import { useCall } from '../../common/api/query'
import { evidenceWords } from '../../common/evidence.words'
import { formatBytes, useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { Facts, PageHeader, Section } from '../../common/PageHeader'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { codeOf } from './code'
import './evidence.css'
import { words } from './words'

type Evidence = Reply<'GET /api/evidence/codes/:evidenceCode'>['matches'][number]

/** From the code in a watermark to the photo and everything known of it. */
export default function EvidencePage() {
  const t = useWords(words)
  const navigate = useNavigate()
  const { code: asked } = useParams({ strict: false }) as { code?: string }
  const [typed, setTyped] = useState(asked ?? '')
  useEffect(() => setTyped(asked ?? ''), [asked])
  const code = asked ? codeOf(asked) : undefined
  return (
    <div className="zc-evidence">
      <PageHeader title={t('title')} meta={t('lead')} />
      <form
        onSubmit={(e) => {
          e.preventDefault()
          if (typed.trim()) void navigate({ to: `/evidence/${encodeURIComponent(typed.trim())}` as string })
        }}
      >
        <input
          className="zc-input"
          aria-label={t('label')}
          placeholder={t('placeholder')}
          autoComplete="off"
          spellCheck={false}
          maxLength={20}
          value={typed}
          onChange={(e) => setTyped(e.target.value)}
        />
        <button type="submit" className="zc-btn primary" disabled={typed.trim() === ''}>
          {t('look')}
        </button>
      </form>
      {!asked ? (
        <Empty icon={Fingerprint} title={t('start.title')}>
          {t('start.text')}
        </Empty>
      ) : !code ? (
        <Empty icon={CircleHelp} title={t('bad.title')}>
          {t('bad.text')}
        </Empty>
      ) : (
        <Found code={code} />
      )}
    </div>
  )
}

function Found({ code }: { code: string }) {
  const t = useWords(words)
  const answer = useCall(
    'GET /api/evidence/codes/:evidenceCode',
    { params: { evidenceCode: code } },
    { watch: ['evidence'] },
  )
  if (answer.error?.code === 'not_found')
    return (
      <Empty icon={SearchX} title={t('none.title')}>
        {t('none.text')}
      </Empty>
    )
  if (answer.error) return <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
  if (!answer.data) return <Loading shape="cards" lines={3} />
  const { matches } = answer.data
  return (
    <>
      {matches.length > 1 && (
        <p className="note" role="alert">
          <TriangleAlert className="zc-icon" size={16} aria-hidden /> {t('imitated', { n: matches.length })}
        </p>
      )}
      {matches.map((e) => (
        <One key={e.id} evidence={e} />
      ))}
    </>
  )
}

const isFresh = (at: string | null) => at !== null && Date.now() - Date.parse(at) < 60_000

function One({ evidence: e }: { evidence: Evidence }) {
  const t = useWords(words)
  const flag = useWords(evidenceWords)
  const f = useFormat(e.site?.zone ?? useMe().zone)
  const spelled = `${e.code.slice(0, 4)} ${e.code.slice(4)}`
  const exif = e.exif
  const apartMin = exif?.takenAt ? Math.abs(Date.parse(exif.takenAt) - Date.parse(e.takenAt)) / 60_000 : 0
  return (
    <article className="one" aria-label={spelled}>
      <figure>
        {e.url ? (
          <a href={e.url} target="_blank" rel="noreferrer">
            <img src={e.url} alt={spelled} />
          </a>
        ) : e.storedAt ? (
          <div className="blank">
            <FileImage className="zc-icon" size={36} aria-hidden />
            {t('noPreview')}
          </div>
        ) : (
          <div className="blank">
            <CloudUpload className="zc-icon" size={36} aria-hidden />
            <strong>{t('pending.title')}</strong>
            {t('pending.text')}
          </div>
        )}
        <figcaption>
          {e.flags.map((code) => (
            <Tag key={code} meaning={code === 'no_preview' ? 'grey' : 'amber'} icon={TriangleAlert}>
              {flag(code)}
            </Tag>
          ))}
          {e.can.original && e.storedAt && (
            <a className="zc-btn" href={`/api/evidence/${e.id}/bytes?size=original`} title={t('original.note')}>
              <Download className="zc-icon" size={16} aria-hidden /> {t('original')}
            </a>
          )}
        </figcaption>
      </figure>
      <div>
        <Section title={t('facts')}>
          <Facts
            rows={[
              [
                t('order'),
                <Link key="o" to={`/orders/${e.order.id}` as string}>
                  {[e.order.number, e.order.title].filter(Boolean).join(' ')}
                </Link>,
              ],
              [t('customer'), e.customer.name],
              ...(e.site ? [[t('site'), `${e.site.name} · ${e.site.address}`] as [string, string]] : []),
              [t('takenBy'), e.takenBy && <PersonChip key="p" id={e.takenBy.id} name={e.takenBy.name} />],
              [t('takenAt'), f.when(e.takenAt)],
              [t('declaredAt'), f.when(e.declaredAt)],
              [t('storedAt'), e.storedAt && f.when(e.storedAt)],
              ...(e.distanceM === null ? [] : [[t('distance'), f.distance(e.distanceM)] as [string, string]]),
              [
                t('size'),
                [
                  e.bytes !== null && formatBytes(e.bytes),
                  e.width && e.height && t('pixels', { width: e.width, height: e.height }),
                ]
                  .filter(Boolean)
                  .join(' · '),
              ],
            ]}
          />
        </Section>
        <Section title={t('camera')}>
          {exif ? (
            <Facts
              rows={[
                [t('device'), [exif.make, exif.model].filter(Boolean).join(' ') || null],
                ...(exif.software ? [[t('software'), exif.software] as [string, string]] : []),
                ...(exif.takenAt
                  ? [
                      [
                        t('camera.takenAt'),
                        apartMin < 1
                          ? f.when(exif.takenAt)
                          : `${f.when(exif.takenAt)} · ${t('camera.match', { diff: f.duration(apartMin) })}`,
                      ] as [string, string],
                    ]
                  : []),
                ...(exif.distanceM === null
                  ? []
                  : [[t('camera.distance'), f.distance(exif.distanceM)] as [string, string]]),
              ]}
            />
          ) : (
            <p className="note">{t('camera.none')}</p>
          )}
        </Section>
        <Section title={t('alike')} count={e.alike.length || undefined}>
          {e.alike.length === 0 ? (
            <p className="note">{t('alike.none')}</p>
          ) : (
            <ul className="alike">
              {e.alike.map((a) => (
                <li key={`${a.code}${a.takenAt}`}>
                  {a.code ? (
                    <Link to={`/evidence/${a.code}` as string}>
                      {[a.orderNumber, a.takenBy].filter(Boolean).join(' · ')}
                    </Link>
                  ) : (
                    t('alike.hidden')
                  )}{' '}
                  <span className="note">
                    {f.when(a.takenAt)} · {t(a.same ? 'alike.same' : 'alike.similar')} ·{' '}
                    {t(a.earlier ? 'alike.earlier' : 'alike.later')}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Section>
        <Section title={t('prints')}>
          <Facts
            rows={[
              [
                t('sha256'),
                <span key="s" className="print">
                  {e.sha256}
                </span>,
              ],
              ...(e.originalSha256
                ? [
                    [
                      t('originalSha256'),
                      <span key="o" className="print">
                        {e.originalSha256}
                        {e.originalBytes !== null && ` · ${formatBytes(e.originalBytes)}`}
                      </span>,
                    ] as [string, React.ReactNode],
                  ]
                : []),
            ]}
          />
        </Section>
        <Section title={t('chain')}>
          <Facts
            rows={(['declared', 'stored'] as const)
              // Sealed within a second of its commit; what was taken over from elsewhere has no entry at all.
              .filter((step) => e.chain[step] || (step === 'stored' && isFresh(e.storedAt)))
              .map((step): [string, React.ReactNode] => {
                const at = e.chain[step]
                return [
                  t(`chain.${step}`),
                  at ? (
                    <span key={step}>
                      {t('chain.at', { position: at.position })} · {f.when(at.recordedAt)}
                      <br />
                      <span className="print">{at.hash}</span>
                    </span>
                  ) : (
                    t('chain.waiting')
                  ),
                ]
              })}
          />
        </Section>
      </div>
    </article>
  )
}
