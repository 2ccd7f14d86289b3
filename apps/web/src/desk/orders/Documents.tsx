import { FileText } from 'lucide-react'
import { useState } from 'react'
import { useCall } from '../../common/api/query'
import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { Section } from '../../common/PageHeader'
import { Paper } from '../../common/paper/Paper'
import { Tag } from '../../common/StateTag'
import { useAbility } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import type { Order } from './order'
import { words } from './words'

/** The papers of the order: read as a page, taken along as PDF. */
export function Documents({ order }: { order: Order }) {
  const t = useWords(words)
  const language = useLanguage()
  const f = useFormat(order.siteZone ?? undefined)
  const may = useAbility('document.read')
  const [open, setOpen] = useState<string | null>(null)
  const documents = useCall(
    'GET /api/documents',
    { query: { orderId: order.id } },
    { enabled: may, watch: ['document', { aggregate: 'order', id: order.id }] },
  )
  if (!may) return null
  const rows = documents.data?.rows ?? []
  return (
    <Section title={t('documents')} count={rows.length || undefined}>
      {documents.isError && !documents.data ? (
        <ErrorState error={documents.error} onRetry={() => void documents.refetch()} />
      ) : !documents.data ? (
        <Loading lines={2} />
      ) : rows.length === 0 ? (
        <p>{t('documents.none')}</p>
      ) : (
        <div className="order-docs">
          {rows.map((d) => {
            const name = language === 'zh-CN' ? d.title.zh : d.title.en
            return (
              <div key={d.id}>
                <div className="order-doc">
                  <FileText className="zc-icon" size={18} aria-hidden />
                  <span className="name zc-clip">{name}</span>
                  <Tag meaning={d.state === 'signed' ? 'green' : d.state === 'filed' ? 'teal' : 'amber'}>
                    {d.state === 'signed'
                      ? t('document.signed', { name: d.signerName ?? '—' })
                      : d.state === 'filed'
                        ? t('document.filed')
                        : d.missing
                          ? t('document.draftMissing', { n: d.missing })
                          : t('document.draft')}
                  </Tag>
                  {d.signedAt && <small>{f.when(d.signedAt)}</small>}
                  <button
                    type="button"
                    className="zc-btn"
                    aria-expanded={open === d.id}
                    onClick={() => setOpen(open === d.id ? null : d.id)}
                  >
                    {open === d.id ? t('document.close') : t('document.open', { name: '' })}
                  </button>
                  <a
                    className="zc-btn"
                    href={`/api/documents/${d.id}/pdf?lang=${language}`}
                    target="_blank"
                    rel="noreferrer"
                  >
                    PDF
                  </a>
                </div>
                {open === d.id && <Reading id={d.id} zone={order.siteZone ?? 'Asia/Shanghai'} />}
              </div>
            )
          })}
        </div>
      )}
    </Section>
  )
}

function Reading({ id, zone }: { id: string; zone: string }) {
  const document = useCall('GET /api/documents/:id', { params: { id } }, { watch: [{ aggregate: 'document', id }] })
  if (document.isError) return <ErrorState error={document.error} onRetry={() => void document.refetch()} />
  if (!document.data) return <Loading lines={8} />
  return (
    <div className="order-paper">
      <Paper
        document={document.data}
        zone={zone}
        photoUrl={(photo) => `/api/evidence/${photo}/bytes?size=full`}
        signatureUrl={document.data.signature ? `/api/documents/${id}/signature` : undefined}
      />
    </div>
  )
}
