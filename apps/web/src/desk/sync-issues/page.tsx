import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCall } from '../../common/api/query'
import { useWords } from '../../common/i18n/words'
import { ListDetail } from '../../common/ListDetail'
import { ErrorState, Loading } from '../../common/states'
import { Conflicts, type EventRow, type FieldRow } from './Conflicts'
import { EventDetail, FieldDetail } from './details'
import { Gone } from './Gone'
import { RefusalDetail, Refusals, type Refused } from './Refusals'
import './sync-issues.css'
import { words } from './words'

const TABS = ['refused', 'conflicts', 'settled'] as const
type Tab = (typeof TABS)[number]

/** What went wrong between phones and server: refused actions, and changes that met other changes. Nothing leaves by itself. */
export default function SyncIssues() {
  const t = useWords(words)
  const navigate = useNavigate()
  const { id } = useParams({ strict: false }) as { id?: string }
  const search = useSearch({ strict: false }) as { tab?: string }
  const refused = useCall('GET /api/refusals', { query: { limit: 200 } }, { watch: ['refusal'] })
  const events = useCall(
    'GET /api/visits/conflicts',
    { query: { limit: 200 } },
    { watch: ['visit', 'order', 'conflict'] },
  )
  const fields = useCall('GET /api/field-conflicts', { query: { limit: 200 } }, { watch: ['conflict'] })
  const conflicts = (events.data?.rows.length ?? 0) + (fields.data?.total ?? 0)
  // Whoever opens the place sees what there is to do; an empty first tab would hide it.
  const first: Tab = refused.data && refused.data.rows.length === 0 && conflicts > 0 ? 'conflicts' : 'refused'
  const tab = TABS.find((x) => x === search.tab) ?? first
  const settled = useCall(
    'GET /api/refusals',
    { query: { limit: 200, state: 'settled' } },
    { watch: ['refusal'], enabled: tab === 'settled' },
  )
  const open = (to: string | null, next: Tab = tab) =>
    void navigate({ to: (to ? `/sync-issues/${to}` : '/sync-issues') as string, search: { tab: next } as never })
  const shown = tab === 'conflicts' ? [events, fields] : [tab === 'settled' ? settled : refused]
  const failed = shown.find((a) => a.error)
  const waiting = shown.some((a) => !a.data)
  const refusals: Refused[] = (tab === 'settled' ? settled.data?.rows : refused.data?.rows) ?? []
  const met: (EventRow | FieldRow)[] = [...(events.data?.rows ?? []), ...(fields.data?.rows ?? [])]
  const idOf = (r: Refused | EventRow | FieldRow) => ('eventId' in r ? r.eventId : r.id)
  const list = tab === 'conflicts' ? met : refusals
  const chosen = list.find((r) => idOf(r) === id)
  const done = () => {
    const at = chosen ? list.indexOf(chosen as never) : -1
    const next = list[at + 1] ?? list[at - 1]
    open(next ? idOf(next) : null)
    for (const a of shown) void a.refetch()
  }
  const counts: Record<Tab, number | null> = {
    refused: refused.data?.total ?? null,
    conflicts: events.data && fields.data ? conflicts : null,
    settled: null,
  }
  return (
    <ListDetail
      id="sync-issues"
      onClose={() => open(null)}
      list={
        <section className="sync" aria-label={t('title')}>
          <header className="sync-head">
            <h1>{t('title')}</h1>
            <nav aria-label={t('tabs')}>
              {TABS.map((x) => (
                <button
                  key={x}
                  type="button"
                  aria-current={x === tab ? 'true' : undefined}
                  onClick={() => open(null, x)}
                >
                  {t(`tab.${x}`)} {!!counts[x] && <small>{counts[x]}</small>}
                </button>
              ))}
            </nav>
          </header>
          <p className="sync-lead">{t(`lead.${tab}`)}</p>
          {failed?.error ? (
            <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
          ) : waiting ? (
            <Loading shape="rows" lines={8} />
          ) : tab === 'conflicts' ? (
            <Conflicts
              events={events.data?.rows ?? []}
              fields={fields.data?.rows ?? []}
              openId={id ?? null}
              onOpen={open}
            />
          ) : (
            <Refusals rows={refusals} settled={tab === 'settled'} openId={id ?? null} onOpen={open} />
          )}
        </section>
      }
      detail={
        !id || waiting ? null : !chosen ? (
          <Gone onBack={() => open(null)} />
        ) : 'eventId' in chosen ? (
          <EventDetail key={chosen.eventId} conflict={chosen} onDone={done} />
        ) : 'kept' in chosen ? (
          <FieldDetail key={chosen.id} conflict={chosen} onDone={done} />
        ) : (
          <RefusalDetail key={chosen.id} refusal={chosen} onDone={done} />
        )
      }
    />
  )
}
