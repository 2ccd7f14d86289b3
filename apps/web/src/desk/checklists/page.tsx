import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { ClipboardCheck, Plus } from 'lucide-react'
import { useState } from 'react'
import { newId, type Reply } from '../../common/api/call'
import { useCall, useCommand } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { useFormat } from '../../common/i18n/format'
import { joinList } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { ListDetail } from '../../common/ListDetail'
import { orderWords } from '../../common/order.words'
import { PageHeader, Section } from '../../common/PageHeader'
import { Tag } from '../../common/StateTag'
import { Empty, ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import './checklists.css'
import { Preview, useText } from './Preview'
import { Tabs } from './Tabs'
import { words } from './words'

type Row = Reply<'GET /api/checklists'>['rows'][number]

/** Checklists with who uses them; one beside the list, as the phone shows it. */
export default function Checklists() {
  const t = useWords(words)
  const o = useWords(orderWords)
  const text = useText()
  const f = useFormat()
  const navigate = useNavigate()
  const { id } = useParams({ strict: false }) as { id?: string }
  const [q, setQ] = useState('')
  const list = useCall('GET /api/checklists', { query: { q: q || undefined } }, { watch: ['checklist'] })
  const to = (path: string) => void navigate({ to: path as never })
  const columns: Column<Row>[] = [
    {
      key: 'title',
      title: t('col.title'),
      width: 'minmax(180px, 1.4fr)',
      render: (r) => (
        <>
          {text(r.title)} {r.retired && <Tag meaning="grey">{t('retired')}</Tag>}
        </>
      ),
    },
    {
      key: 'types',
      title: t('col.types'),
      width: 'minmax(110px, 1fr)',
      render: (r) => joinList(r.orderTypes.map((x) => o(`type.${x}`))) || t('any'),
    },
    {
      key: 'models',
      title: t('col.models'),
      width: 'minmax(90px, 0.7fr)',
      render: (r) => joinList(r.models) || t('any'),
    },
    { key: 'items', title: t('col.items'), width: '80px', render: (r) => t('items', { n: r.items }) },
    { key: 'version', title: t('col.version'), width: '80px', render: (r) => t('version', { n: r.version }) },
    {
      key: 'used',
      title: t('col.used'),
      width: '110px',
      render: (r) => (r.used === 0 ? t('never') : t('used', { n: r.usedLately })),
    },
    {
      key: 'changed',
      title: t('col.changed'),
      width: '150px',
      optional: true,
      render: (r) => [f.date(r.changedAt), r.changedBy?.name].filter(Boolean).join(' · '),
    },
  ]
  return (
    <ListDetail
      id="checklists"
      onClose={() => to('/checklists')}
      detail={id ? <Detail key={id} id={id} /> : null}
      list={
        <div className="zc-lists">
          <PageHeader
            title={t('title')}
            meta={t('lead')}
            actions={
              <>
                <Tabs />
                {list.data?.can.publish && (
                  <Link className="zc-btn primary" to={`/checklists/${newId()}/edit` as never}>
                    <Plus className="zc-icon" size={16} aria-hidden /> {t('new')}
                  </Link>
                )}
              </>
            }
          >
            <input
              className="zc-input"
              type="search"
              aria-label={t('search')}
              placeholder={t('search')}
              value={q}
              onChange={(e) => setQ(e.target.value)}
            />
          </PageHeader>
          <div className="body">
            {list.isError && !list.data ? (
              <ErrorState error={list.error} onRetry={() => void list.refetch()} />
            ) : !list.data ? (
              <Loading shape="rows" lines={6} />
            ) : (
              <DataList
                id="checklists"
                label={t('title')}
                rows={list.data.rows}
                rowKey={(r) => r.id}
                columns={columns}
                openId={id ?? null}
                onOpen={(r) => to(`/checklists/${r.id}`)}
                empty={
                  <Empty icon={ClipboardCheck} title={t('empty.title')}>
                    {t('empty.text')}
                  </Empty>
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
  const o = useWords(orderWords)
  const text = useText()
  const f = useFormat()
  const [version, setVersion] = useState<number | null>(null)
  const one = useCall('GET /api/checklists/:id', { params: { id } }, { watch: [{ aggregate: 'checklist', id }] })
  const retire = useCommand('POST /api/checklists/:id/retire')
  if (one.isError && !one.data) return <ErrorState error={one.error} onRetry={() => void one.refetch()} />
  if (!one.data) return <Loading lines={10} />
  const c = one.data
  const shown = c.versions.find((v) => v.version === version) ?? c.versions[0]
  const set = (retired: boolean) =>
    retire.mutate(
      { params: { id }, body: { retired } },
      {
        onSuccess: () => {
          void one.refetch()
          toast(t(retired ? 'retired.done' : 'revived.done'), { undo: () => set(!retired), undoLabel: t('undo') })
        },
      },
    )
  return (
    <>
      <PageHeader
        level={2}
        title={text(c.title)}
        meta={
          <>
            {c.retired && <Tag meaning="grey">{t('retired')}</Tag>}
            <span>{t('version', { n: c.version })}</span>
            <span>{joinList(c.orderTypes.map((x) => o(`type.${x}`))) || t('any')}</span>
            {c.models.length > 0 && <span>{joinList(c.models)}</span>}
          </>
        }
        actions={
          c.can.edit && (
            <>
              <button type="button" className="zc-btn" disabled={retire.isPending} onClick={() => set(!c.retired)}>
                {t(c.retired ? 'revive' : 'retire')}
              </button>
              <Link className="zc-btn primary" to={`/checklists/${id}/edit` as never}>
                {t('edit')}
              </Link>
            </>
          )
        }
      />
      {retire.isError && <ErrorState error={retire.error} />}
      {shown && shown.body.bring.length > 0 && (
        <Section title={t('bring')} count={shown.body.bring.length}>
          <ul className="zc-bring">
            {shown.body.bring.map((b) => (
              <li key={`${b.what}${b.name.zh}`}>
                <Tag quiet meaning="grey">
                  {t(`bring.${b.what}`)}
                </Tag>{' '}
                {text(b.name)} {b.qty > 1 && `× ${b.qty}`} {b.part && <small>{b.part}</small>}
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title={t('preview')} count={shown?.body.items.length ?? 0}>
        {shown && <Preview body={shown.body} />}
      </Section>
      <Section title={t('versions')} count={c.versions.length}>
        <ul className="zc-versions">
          {c.versions.map((v) => (
            <li key={v.version}>
              <button
                type="button"
                className="zc-btn quiet"
                aria-pressed={v.version === shown?.version}
                onClick={() => setVersion(v.version)}
              >
                {t('version', { n: v.version })}
              </button>
              <span>{t('versions.row', { n: v.used, by: v.createdBy?.name ?? t('system') })}</span>
              <time dateTime={v.createdAt}>{f.date(v.createdAt)}</time>
            </li>
          ))}
        </ul>
      </Section>
    </>
  )
}
