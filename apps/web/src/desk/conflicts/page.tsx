import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { CircleCheck, CloudAlert } from 'lucide-react'
import { PersonChip } from '../../common/Avatar'
import type { Reply } from '../../common/api/call'
import { useCall, useCommand } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { useDraft } from '../../common/draft'
import { useFormat } from '../../common/i18n/format'
import { type T, useWords } from '../../common/i18n/words'
import { ListDetail } from '../../common/ListDetail'
import { Facts, PageHeader, Section } from '../../common/PageHeader'
import { type StateOf, useStateName } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { PlaceLink } from '../PlaceLink'
import './conflicts.css'
import { words } from './words'

type Conflict = Reply<'GET /api/visits/conflicts'>['rows'][number]
type Words = (typeof words)['zh-CN']
type Key = keyof Words

const lookUp = (t: T<Words>, key: string, otherwise: Key, params: Record<string, string> = {}) =>
  (t as (key: string, params: Record<string, string>) => string)(key in words['zh-CN'] ? key : otherwise, params)

export default function ConflictsPage() {
  const t = useWords(words)
  const f = useFormat(useMe().zone)
  const navigate = useNavigate()
  const { id } = useParams({ strict: false }) as { id?: string }
  const answer = useCall('GET /api/visits/conflicts', { query: { limit: 200 } }, { watch: ['visit', 'order'] })
  const open = (to: string | null) => void navigate({ to: (to ? `/conflicts/${to}` : '/conflicts') as string })
  if (answer.error) return <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
  if (!answer.data) return <Loading shape="rows" lines={8} />
  const rows = answer.data.rows
  const chosen = rows.find((r) => r.eventId === id)
  const columns: Column<Conflict>[] = [
    {
      key: 'who',
      title: t('col.who'),
      width: '150px',
      render: (r) => <PersonChip id={r.actor.id ?? r.actor.name} name={r.actor.name} />,
    },
    { key: 'what', title: t('col.what'), width: '130px', render: (r) => lookUp(t, `do.${r.type}`, 'do.other') },
    {
      key: 'order',
      title: t('col.order'),
      width: 'minmax(180px, 1fr)',
      render: (r) => `${r.orderNumber ?? ''} ${r.title}`,
    },
    { key: 'at', title: t('col.at'), width: '140px', render: (r) => f.when(r.occurredAt) },
    {
      key: 'late',
      title: t('col.late'),
      width: '120px',
      optional: id !== undefined,
      render: (r) => f.duration((Date.parse(r.recordedAt) - Date.parse(r.occurredAt)) / 60_000),
    },
  ]
  return (
    <ListDetail
      id="conflicts"
      onClose={() => open(null)}
      list={
        <div className="conflicts">
          <PageHeader title={t('title')} meta={<span>{t('lead')}</span>} />
          <DataList
            id="conflicts"
            label={t('list')}
            rows={rows}
            rowKey={(r) => r.eventId}
            columns={columns}
            openId={id ?? null}
            onOpen={(r) => open(r.eventId)}
            empty={
              <Empty icon={CloudAlert} title={t('none.title')}>
                {t('none.text')}
              </Empty>
            }
          />
        </div>
      }
      detail={
        !id ? null : chosen ? (
          <Detail
            key={chosen.eventId}
            conflict={chosen}
            onDone={() => {
              const at = rows.indexOf(chosen)
              open((rows[at + 1] ?? rows[at - 1])?.eventId ?? null)
              void answer.refetch()
            }}
          />
        ) : (
          <Empty
            icon={CircleCheck}
            title={t('gone.title')}
            action={
              <button type="button" className="zc-btn" onClick={() => open(null)}>
                {t('gone.back')}
              </button>
            }
          >
            {t('gone.text')}
          </Empty>
        )
      }
    />
  )
}

function Detail({ conflict, onDone }: { conflict: Conflict; onDone: () => void }) {
  const t = useWords(words)
  const f = useFormat(useMe().zone)
  const stateName = useStateName()
  const [note, setNote, clearNote] = useDraft(`conflict.${conflict.eventId}`, '')
  const settle = useCommand('POST /api/visits/conflicts/:id/settle', {
    onSuccess: () => {
      clearNote()
      toast(t('done'))
      onDone()
    },
  })
  const what = lookUp(t, `do.${conflict.type}`, 'do.other')
  return (
    <>
      <PageHeader
        level={2}
        title={`${conflict.actor.name} · ${what}`}
        number={conflict.orderNumber ?? undefined}
        meta={<span>{f.when(conflict.occurredAt)}</span>}
      />
      <Section title={t('why')}>
        <p>
          {lookUp(t, `why.${conflict.why}`, 'why.other', {
            state: stateName('visit', conflict.state as StateOf<'visit'>),
            what,
          })}
        </p>
        {conflict.reason && (
          <p className="conflict-said">
            {t('said')}：{conflict.reason}
          </p>
        )}
      </Section>
      <Section title={t('visit')}>
        <Facts
          rows={[
            [
              t('order'),
              <PlaceLink
                key="o"
                to={`/orders/${conflict.orderId}`}
              >{`${conflict.orderNumber ?? ''} ${conflict.title}`}</PlaceLink>,
            ],
            [
              t('visit'),
              <Link key="v" to={'/dispatch' as string} search={{ visit: conflict.visitId } as never}>
                {t('visit.open')}
              </Link>,
            ],
            [t('happened'), f.when(conflict.occurredAt)],
            [t('arrived'), f.when(conflict.recordedAt)],
          ]}
        />
      </Section>
      {conflict.can.settle && (
        <Section title={t('settle')}>
          <form
            className="conflict-settle"
            onSubmit={(e) => {
              e.preventDefault()
              if (note.trim()) settle.mutate({ params: { id: conflict.eventId }, body: { note: note.trim() } })
            }}
          >
            <label>
              <span>{t('settle.text')}</span>
              <textarea
                className="zc-input"
                rows={3}
                maxLength={500}
                placeholder={t('settle.hint')}
                value={note}
                onChange={(e) => setNote(e.target.value)}
              />
            </label>
            {settle.error && (
              <p className="conflict-error" role="alert">
                {[settle.error.title, settle.error.action].filter(Boolean).join('。')}
              </p>
            )}
            <button type="submit" className="zc-btn primary" disabled={!note.trim() || settle.isPending}>
              {t('settle.do')}
            </button>
          </form>
        </Section>
      )}
    </>
  )
}
