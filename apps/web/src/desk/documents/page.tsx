import { useNavigate, useParams } from '@tanstack/react-router'
import { Download, FileText } from 'lucide-react'
import { useDeferredValue, useMemo } from 'react'
import { address, type Reply } from '../../common/api/call'
import { useCall, usePages } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { FilterBar } from '../../common/FilterBar'
import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { ListDetail } from '../../common/ListDetail'
import { PageHeader, Section } from '../../common/PageHeader'
import { Paper } from '../../common/paper/Paper'
import { StateTag, Tag, useStateName } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { PlaceLink } from '../PlaceLink'
import '../rows.css'
import { useView } from '../useView'
import './documents.css'
import { Tabs } from './Tabs'
import { words } from './words'

type Row = Reply<'GET /api/documents'>['rows'][number]

export default function Documents() {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const zh = useLanguage() === 'zh-CN'
  const name = useStateName()
  const { id } = useParams({ strict: false }) as { id?: string }
  const navigate = useNavigate()
  const [view, setView] = useView()
  const q = useDeferredValue(view.q?.join(',') ?? '')
  const templates = useCall('GET /api/document-templates')
  const list = usePages(
    'GET /api/documents',
    {
      query: {
        q: q || undefined,
        state: view.state?.[0] as Row['state'] | undefined,
        template: view.template?.[0],
        limit: 100,
      },
    },
    { watch: ['document'] },
  )
  const open = (next: string | null) =>
    void navigate({ to: next ? `/documents/${next}` : '/documents', search: ((s: unknown) => s) as never })
  const columns = useMemo<Column<Row>[]>(
    () => [
      {
        key: 'title',
        title: t('col.title'),
        width: 'minmax(130px, 0.8fr)',
        render: (d) => (zh ? d.title.zh : d.title.en),
      },
      {
        key: 'state',
        title: t('col.state'),
        width: '150px',
        render: (d) => (
          <span style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
            <StateTag kind="document" state={d.state} />
            {d.missing > 0 && <small className="zc-muted">{t('missing', { n: d.missing })}</small>}
          </span>
        ),
      },
      {
        key: 'about',
        title: t('col.about'),
        width: 'minmax(190px, 1.4fr)',
        render: (d) => (
          <span title={`${d.about.orderNumber ?? ''} ${d.about.orderTitle ?? ''}`}>
            {d.about.orderTitle ?? d.about.orderNumber ?? '—'}
          </span>
        ),
      },
      {
        key: 'customer',
        title: t('col.customer'),
        width: 'minmax(130px, 1fr)',
        render: (d) => <span title={d.about.customerName ?? undefined}>{d.about.customerName ?? '—'}</span>,
      },
      {
        key: 'people',
        title: t('col.people'),
        width: '110px',
        render: (d) => d.about.engineers.join(zh ? '、' : ', ') || '—',
      },
      {
        key: 'when',
        title: t('col.when'),
        width: '190px',
        render: (d) =>
          d.signedAt
            ? t('when.signed', { when: f.when(d.signedAt) })
            : d.filedAt
              ? t('when.filed', { when: f.when(d.filedAt) })
              : t('when.started', { when: f.when(d.startedAt) }),
      },
    ],
    [t, f, zh],
  )
  const filtered = Object.values(view).some((v) => v?.length)
  return (
    <ListDetail
      id="documents"
      onClose={() => open(null)}
      detail={id ? <Detail key={id} id={id} /> : null}
      list={
        <div className="zc-docs">
          <PageHeader title={t('title')} actions={<Tabs />} />
          <FilterBar
            id="documents"
            view={view}
            onChange={setView}
            placeholder={t('search')}
            presets={[
              { name: t('view.sign'), view: { state: ['filed'] } },
              { name: t('view.draft'), view: { state: ['draft'] } },
            ]}
            filters={[
              {
                key: 'state',
                label: t('filter.state'),
                single: true,
                options: (['draft', 'filed', 'signed'] as const).map((value) => ({
                  value,
                  label: name('document', value),
                })),
              },
              {
                key: 'template',
                label: t('filter.template'),
                single: true,
                options: (templates.data?.templates ?? []).map((one) => ({
                  value: one.key,
                  label: zh ? one.body.title.zh : one.body.title.en,
                })),
              },
            ]}
          />
          <div className="body">
            {list.error && !list.rows.length ? (
              <ErrorState error={list.error} onRetry={list.again} />
            ) : list.loading ? (
              <Loading shape="rows" lines={10} />
            ) : (
              <DataList
                id="documents"
                label={t('documents')}
                rows={list.rows}
                rowKey={(d) => d.id}
                columns={columns}
                openId={id}
                onOpen={(d) => open(d.id)}
                onMore={list.hasMore ? (list.more ?? (() => {})) : undefined}
                empty={
                  filtered ? (
                    <Empty
                      icon={FileText}
                      title={t('empty.filtered')}
                      action={
                        <button type="button" className="zc-btn" onClick={() => setView({})}>
                          {t('empty.clear')}
                        </button>
                      }
                    >
                      {t('empty.filteredText')}
                    </Empty>
                  ) : (
                    <Empty icon={FileText} title={t('empty.title')}>
                      {t('empty.text')}
                    </Empty>
                  )
                }
              />
            )}
          </div>
        </div>
      }
    />
  )
}

function Detail({ id }: { id: string }) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const language = useLanguage()
  const zh = language === 'zh-CN'
  const document = useCall('GET /api/documents/:id', { params: { id } }, { watch: [{ aggregate: 'document', id }] })
  if (document.isError && !document.data)
    return <ErrorState error={document.error} onRetry={() => void document.refetch()} />
  if (!document.data) return <Loading lines={10} />
  const d = document.data
  const fields = d.template.body.sections.flatMap((s) => s.fields)
  const label = (key: string) => {
    const field = fields.find((one) => one.key === key)
    return field ? (zh ? field.label.zh : field.label.en) : key
  }
  const number = (d.facts.order as { number?: string } | undefined)?.number
  return (
    <>
      <PageHeader
        level={2}
        number={number}
        title={zh ? d.title.zh : d.title.en}
        meta={
          <>
            <StateTag kind="document" state={d.state} />
            <span>{t('t.version', { n: d.template.version })}</span>
            {d.signature && <span>{t('signed', { name: d.signature.signerName })}</span>}
            {d.signature ? <span>{f.when(d.signature.at)}</span> : d.filedAt && <span>{f.when(d.filedAt)}</span>}
          </>
        }
        actions={
          <>
            <PlaceLink to={`/orders/${d.orderId}`} quiet>
              {t('order')}
            </PlaceLink>
            {d.can.pdf && (
              <a
                className="zc-btn primary"
                href={address('GET /api/documents/:id/pdf', { params: { id }, query: { lang: language } }).url}
                download
              >
                <Download className="zc-icon" size={16} aria-hidden /> {t('pdf')}
              </a>
            )}
          </>
        }
      />
      {d.missing.length > 0 && d.state !== 'signed' && (
        <Section title={t('missing.title')} count={d.missing.length}>
          <ul className="zc-rows">
            {d.missing.map((m) => (
              <li key={m.key}>
                <span className="grow">{label(m.key)}</span>
                <Tag quiet meaning="amber">
                  {t(`missing.${m.why}`)}
                </Tag>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <section className="zc-docs-paper" aria-label={t('paper')}>
        <Paper
          document={d}
          zone={me.zone}
          photoUrl={(photo) => `/api/evidence/${photo}/bytes?size=full`}
          signatureUrl={d.signature ? `/api/documents/${id}/signature` : undefined}
        />
      </section>
    </>
  )
}
