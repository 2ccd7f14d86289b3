import { Select } from 'antd'
import { Cog, ScrollText, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import { PersonChip } from '../../common/Avatar'
import type { Reply } from '../../common/api/call'
import { useCall, usePages } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { ListDetail } from '../../common/ListDetail'
import { Facts, PageHeader, Section } from '../../common/PageHeader'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { PlaceLink } from '../PlaceLink'
import { useView } from '../useView'
import './audit.css'
import { words } from './words'

type Entry = Reply<'GET /api/audit'>['rows'][number]
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const PLACES: Record<string, string> = {
  order: 'orders',
  project: 'projects',
  person: 'people',
  engineer: 'people',
  customer: 'customers',
  document: 'documents',
}

export default function Audit() {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const [view, setView] = useView()
  const [open, setOpen] = useState<Entry | null>(null)
  const [q, setQ] = useState('')
  const actorId = view.actor?.[0]
  const object = view.object?.[0] ?? ''
  const valid = UUID.test(object)
  const list = usePages('GET /api/audit', {
    query: { actorId, aggregateId: valid ? object : undefined, limit: 100 },
  })
  const people = useCall(
    'GET /api/people',
    { query: { q: q || undefined, limit: 50 } },
    { placeholderData: (was) => was },
  )
  const chosen = useCall('GET /api/people/:id', { params: { id: actorId ?? '' } }, { enabled: !!actorId })
  const subject = (aggregate: string) => {
    const key = `a.${aggregate}` as keyof (typeof words)['zh-CN']
    return key in words['zh-CN'] ? t(key as 'a.order') : aggregate
  }
  const columns = useMemo<Column<Entry>[]>(
    () => [
      { key: 'position', title: t('col.position'), width: '84px', number: true, render: (e) => e.position },
      { key: 'at', title: t('col.at'), width: '150px', render: (e) => f.when(e.occurredAt) },
      {
        key: 'actor',
        title: t('col.actor'),
        width: 'minmax(110px, 0.6fr)',
        render: (e) =>
          e.actor.id ? (
            <PersonChip id={e.actor.id} name={e.actor.name} />
          ) : (
            <span className="zc-two">
              <Cog className="zc-icon" size={14} aria-hidden /> {t('system')}
            </span>
          ),
      },
      {
        key: 'type',
        title: t('col.type'),
        width: 'minmax(180px, 1fr)',
        render: (e) => <code>{e.type}</code>,
      },
      { key: 'subject', title: t('col.subject'), width: '110px', render: (e) => subject(e.aggregate) },
      { key: 'reason', title: t('col.reason'), width: 'minmax(140px, 1fr)', render: (e) => e.reason ?? '' },
    ],
    // `subject` reads only the words.
    [t, f],
  )
  return (
    <ListDetail
      id="audit"
      onClose={() => setOpen(null)}
      detail={
        open && (
          <Detail
            entry={open}
            subject={subject(open.aggregate)}
            onFilter={(change) => setView({ ...view, ...change })}
          />
        )
      }
      list={
        <div className="zc-audit">
          <PageHeader title={t('title')} meta={t('lead')} />
          <search className="zc-filters">
            <Select
              allowClear
              showSearch={{ filterOption: false, onSearch: setQ }}
              aria-label={t('f.actor')}
              placeholder={t('f.actor.any')}
              style={{ width: 200 }}
              value={actorId}
              options={[
                ...(chosen.data && !people.data?.rows.some((p) => p.id === actorId)
                  ? [{ value: chosen.data.id, label: chosen.data.name }]
                  : []),
                ...(people.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name })),
              ]}
              onChange={(id?: string) => setView({ ...view, actor: id ? [id] : [] })}
            />
            <input
              className="zc-input"
              style={{ width: 330 }}
              aria-label={t('f.object')}
              placeholder={t('f.object')}
              aria-invalid={object !== '' && !valid}
              title={object !== '' && !valid ? t('f.object.bad') : undefined}
              value={object}
              onChange={(e) => setView({ ...view, object: e.target.value.trim() ? [e.target.value.trim()] : [] })}
            />
            {(actorId || object) && (
              <button type="button" className="zc-btn quiet" onClick={() => setView({})}>
                <X className="zc-icon" size={14} aria-hidden /> {t('clear')}
              </button>
            )}
          </search>
          <div className="body">
            {list.error && !list.rows.length ? (
              <ErrorState error={list.error} onRetry={list.again} />
            ) : list.loading ? (
              <Loading shape="rows" lines={10} />
            ) : (
              <DataList
                id="audit"
                label={t('title')}
                rows={list.rows}
                rowKey={(e) => e.id}
                columns={columns}
                openId={open?.id}
                onOpen={setOpen}
                density="compact"
                onMore={list.hasMore ? (list.more ?? (() => {})) : undefined}
                empty={
                  <Empty icon={ScrollText} title={t('empty.title')}>
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

function Detail({
  entry: e,
  subject,
  onFilter,
}: {
  entry: Entry
  subject: string
  onFilter: (change: Record<string, string[]>) => void
}) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const place = PLACES[e.aggregate]
  return (
    <>
      <PageHeader level={2} number={`#${e.position}`} title={<code>{e.type}</code>} meta={subject} />
      <Section title={subject}>
        <Facts
          rows={[
            [t('col.actor'), e.actor.id ? e.actor.name : t('system')],
            [t('d.occurred'), f.when(e.occurredAt)],
            [t('d.recorded'), f.when(e.recordedAt)],
            ...(e.reason ? [[t('col.reason'), e.reason] as [string, string]] : []),
            [t('d.object'), <code key="object">{e.aggregateId}</code>],
            [t('d.hash'), <code key="hash">{e.hash}</code>],
          ]}
        />
        <div className="zc-audit-actions">
          <button type="button" className="zc-btn" onClick={() => onFilter({ object: [e.aggregateId] })}>
            {t('d.only')}
          </button>
          {e.actor.id && (
            <button type="button" className="zc-btn" onClick={() => onFilter({ actor: [e.actor.id as string] })}>
              {t('d.actor')}
            </button>
          )}
          {place && (
            <PlaceLink to={`/${place}/${e.aggregateId}`} quiet>
              {t('d.link')}
            </PlaceLink>
          )}
        </div>
      </Section>
      <Section title={t('d.payload')}>
        <pre className="zc-payload">{JSON.stringify(e.payload, null, 2)}</pre>
      </Section>
    </>
  )
}
