import { CloudAlert } from 'lucide-react'
import { PersonChip } from '../../common/Avatar'
import type { Reply } from '../../common/api/call'
import { type Column, DataList } from '../../common/DataList'
import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { useSaid } from '../../common/said'
import { useMe } from '../../common/session'
import { Empty } from '../../common/states'
import { lookUp } from './lookUp'
import { words } from './words'

export type EventRow = Reply<'GET /api/visits/conflicts'>['rows'][number]
export type FieldRow = Reply<'GET /api/field-conflicts'>['rows'][number]

interface Line {
  id: string
  at: string
  who: { id: string; name: string }
  what: string
  order: string
}

/** Both kinds in one list, newest first: an action that came too late, and a field that two have changed. */
export function Conflicts({
  events,
  fields,
  openId,
  onOpen,
}: {
  events: EventRow[]
  fields: FieldRow[]
  openId: string | null
  onOpen: (id: string) => void
}) {
  const t = useWords(words)
  const { zone } = useMe()
  const f = useFormat(zone)
  const said = useSaid(zone)
  const zh = useLanguage() === 'zh-CN'
  const lines: Line[] = [
    ...events.map((e) => ({
      id: e.eventId,
      at: e.recordedAt,
      who: { id: e.actor.id ?? e.actor.name, name: e.actor.name },
      what: lookUp(t, `do.${e.type}`, 'do.other'),
      order: [e.orderNumber, e.title].filter(Boolean).join(' '),
    })),
    ...fields.map((c) => ({
      id: c.id,
      at: c.foundAt,
      who: c.lost.by ?? c.kept.by ?? { id: c.id, name: t('somebody') },
      what: t('both', { field: c.label ? (zh ? c.label.zh : c.label.en) : said.name(c.field) }),
      order: [c.orderNumber, c.title].filter(Boolean).join(' '),
    })),
  ].sort((a, b) => (a.at < b.at ? 1 : -1))
  const columns: Column<Line>[] = [
    {
      key: 'who',
      title: t('col.who'),
      width: '130px',
      render: (r) => <PersonChip id={r.who.id} name={r.who.name} />,
    },
    {
      key: 'what',
      title: t('col.what'),
      width: 'minmax(150px, 1fr)',
      render: (r) => <span title={r.what}>{r.what}</span>,
    },
    ...(openId
      ? []
      : [{ key: 'order', title: t('col.order'), width: 'minmax(180px, 1.4fr)', render: (r: Line) => r.order }]),
    { key: 'at', title: t('col.arrived'), width: '130px', render: (r) => f.relative(r.at) },
  ]
  return (
    <DataList
      id="sync-conflicts"
      label={t('tab.conflicts')}
      rows={lines}
      rowKey={(r) => r.id}
      columns={columns}
      openId={openId}
      onOpen={(r) => onOpen(r.id)}
      empty={
        <Empty icon={CloudAlert} title={t('none.title')}>
          {t('none.text')}
        </Empty>
      }
    />
  )
}
