import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Check, CircleAlert, MessageCircle } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import { PersonChip } from '../../common/Avatar'
import { call, type Reply } from '../../common/api/call'
import type { ApiError } from '../../common/api/problem'
import { useCall } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { useHappenings } from '../../common/happenings'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { ListDetail } from '../../common/ListDetail'
import { orderWords } from '../../common/order.words'
import { PageHeader, Section } from '../../common/PageHeader'
import { StateTag, Tag } from '../../common/StateTag'
import { Empty, ErrorState, Loading } from '../../common/states'
import { TimelineFeed } from '../../common/TimelineFeed'
import { toast } from '../../common/toast'
import { PlaceLink } from '../PlaceLink'
import { Choices, PersonPick, WhenPick } from '../parts/Pick'
import { ScoreTag } from '../parts/Score'
import { Field, Sheet } from '../parts/Sheet'
import { useView } from '../useView'
import { SurveyFacts } from './page'
import './satisfaction.css'
import { closeBlockedBy, dueOf, STEPS, type Step, stepState } from './steps'
import { Tabs } from './Tabs'
import { words } from './words'

type Row = Reply<'GET /api/follow-ups'>['rows'][number]
type Case = Reply<'GET /api/follow-ups/:id'>
const STATES = ['open', 'contacted', 'planned', 'done', 'checked', 'acted', 'closed'] as const

/** Low scores and what is done about them, until it helped. */
export default function Cases() {
  const t = useWords(words)
  const { id } = useParams({ strict: false }) as { id?: string }
  const navigate = useNavigate()
  const open = (next: string | null) =>
    void navigate({
      to: next ? `/satisfaction/cases/${next}` : '/satisfaction/cases',
      search: ((s: unknown) => s) as never,
    })
  return (
    <ListDetail
      id="cases"
      list={
        <section className="satisfaction" aria-label={t('cases')}>
          <Tabs at="cases" />
          <CaseList openId={id ?? null} onOpen={open} />
        </section>
      }
      detail={id ? <CaseDetail key={id} id={id} /> : null}
      onClose={() => open(null)}
    />
  )
}

function CaseList({ openId, onOpen }: { openId: string | null; onOpen: (id: string) => void }) {
  const t = useWords(words)
  const f = useFormat()
  const [view, setView] = useView()
  const tab = view.tab?.[0] ?? 'open'
  const query = useMemo(
    () =>
      tab === 'open'
        ? { open: 'true' as const }
        : tab === 'mine'
          ? { mine: 'true' as const, open: 'true' as const }
          : tab === 'all'
            ? {}
            : { state: tab as Row['state'] },
    [tab],
  )
  const answer = useInfiniteQuery<Reply<'GET /api/follow-ups'>, ApiError>({
    queryKey: ['GET /api/follow-ups', 'pages', query],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/follow-ups', {
        query: { ...query, limit: 100, ...(pageParam ? { after: pageParam as string } : {}) },
        signal,
      }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    meta: { watch: ['followup'] },
  })
  const rows = useMemo(() => answer.data?.pages.flatMap((p) => p.rows) ?? [], [answer.data])
  const counts = answer.data?.pages[0]?.counts ?? {}
  const notClosed = STATES.filter((s) => s !== 'closed').reduce((n, s) => n + (counts[s] ?? 0), 0)
  const what: Column<Row> = {
    key: 'case',
    title: t('col.case'),
    width: openId ? 'minmax(150px, 1fr)' : 'minmax(180px, 2fr)',
    render: (c) => (
      <span className="case-what">
        {c.score !== null && <ScoreTag score={c.score} />}
        <span className="zc-clip" title={c.customerName ?? undefined}>
          {c.customerName}
        </span>
      </span>
    ),
  }
  const state: Column<Row> = {
    key: 'state',
    title: t('col.state'),
    width: '96px',
    render: (c) => <StateTag kind="followup" state={c.state} quiet />,
  }
  const due: Column<Row> = {
    key: 'due',
    title: t('col.due'),
    width: '190px',
    render: (c) => {
      const late = c.late[0] as 'contact' | 'plan' | 'do' | undefined
      if (late) return <Tag meaning="red">{t(`late.${late}`)}</Tag>
      const next = dueOf(c)
      return next && t(`due.${next.step}`, { when: f.when(next.at) })
    },
  }
  const columns: Column<Row>[] = openId
    ? [what, state, due]
    : [
        { key: 'number', title: t('col.case'), width: '150px', render: (c) => c.number },
        { ...what, title: t('col.customer') },
        state,
        due,
        {
          key: 'owner',
          title: t('col.owner'),
          width: '130px',
          render: (c) => <PersonChip id={c.owner.id} name={c.owner.name} />,
        },
        { key: 'order', title: t('col.order'), width: '160px', render: (c) => c.orderNumber },
        { key: 'opened', title: t('col.opened'), width: '156px', render: (c) => f.when(c.openedAt) },
      ]
  return (
    <>
      <nav className="case-tabs" aria-label={t('col.state')}>
        {(['open', 'mine', 'all'] as const).map((one) => (
          <button
            key={one}
            type="button"
            aria-current={tab === one ? 'true' : undefined}
            onClick={() => setView({ ...view, tab: one === 'open' ? [] : [one] })}
          >
            {t(`tab.${one}`)} {one === 'open' && <small>{answer.data ? notClosed : ''}</small>}
          </button>
        ))}
        {STATES.filter((s) => (counts[s] ?? 0) > 0).map((s) => (
          // `open` is the tab of all that is not closed; the state of that name is told apart by its own key.
          <button
            key={`state-${s}`}
            type="button"
            aria-current={s !== 'open' && tab === s ? 'true' : undefined}
            hidden={s === 'open'}
            onClick={() => setView({ ...view, tab: [s] })}
          >
            <StateTag kind="followup" state={s} quiet /> <small>{counts[s]}</small>
          </button>
        ))}
      </nav>
      <div className="satisfaction-list">
        {answer.isError && !answer.data ? (
          <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
        ) : !answer.data ? (
          <Loading shape="rows" lines={12} />
        ) : (
          <DataList
            id="cases"
            label={t('cases')}
            rows={rows}
            rowKey={(c) => c.id}
            columns={columns}
            total={answer.hasNextPage ? undefined : rows.length}
            openId={openId}
            onOpen={(c) => onOpen(c.id)}
            onMore={answer.hasNextPage && !answer.isFetchingNextPage ? () => void answer.fetchNextPage() : undefined}
            empty={
              <Empty icon={MessageCircle} title={tab === 'open' ? t('cases.empty.title') : t('cases.none')}>
                {t('cases.empty.text')}
              </Empty>
            }
          />
        )}
      </div>
    </>
  )
}

function CaseDetail({ id }: { id: string }) {
  const found = useCall('GET /api/follow-ups/:id', { params: { id } }, { watch: [{ aggregate: 'followup', id }] })
  if (found.isError && !found.data) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <Loading lines={10} />
  return <Loaded c={found.data} />
}

function Loaded({ c }: { c: Case }) {
  const t = useWords(words)
  const f = useFormat()
  const h = useHappenings()
  const client = useQueryClient()
  const [sheet, setSheet] = useState<Step | 'reassign' | null>(null)
  const done = (said: string) => {
    setSheet(null)
    toast(said)
    void client.invalidateQueries({ predicate: (q) => String(q.queryKey[0]).startsWith('GET /api/follow-ups') })
  }
  const blocked = closeBlockedBy(c)
  const said: Record<Step, ReactNode> = {
    contact: c.contactedAt && t('contact.at', { when: f.when(c.contactedAt) }),
    plan: c.plan && (
      <>
        {t('plan.text', { cause: h.cause(c.plan.cause), action: c.plan.action })}
        <small>{t('plan.who', { name: c.plan.owner.name, when: f.when(c.plan.dueAt) })}</small>
      </>
    ),
    do: c.doneAt && t('do.at', { when: f.when(c.doneAt) }),
    check: c.check && (
      <>
        <Tag meaning={c.check.effective ? 'green' : 'red'}>{t(c.check.effective ? 'check.yes' : 'check.no')}</Tag>{' '}
        {c.check.score !== null && <ScoreTag score={c.check.score} />} {c.check.words}
      </>
    ),
    act: c.act && (
      <>
        {h.change(c.act.change)} {c.act.words && <small>{c.act.words}</small>}
      </>
    ),
    close: c.closedAt && t('closedAt', { when: f.when(c.closedAt) }),
  }
  return (
    <article className="case" aria-label={c.number}>
      <PageHeader
        level={2}
        number={c.number}
        title={c.customerName}
        meta={
          <>
            <StateTag kind="followup" state={c.state} />
            {c.score !== null && <ScoreTag score={c.score} />}
            {c.late.map((late) => (
              <Tag key={late} meaning="red" icon={CircleAlert}>
                {t(`late.${late as 'contact'}`)}
              </Tag>
            ))}
            <span>
              {t('owner')} {c.owner.name}
            </span>
            {c.orderId && <PlaceLink to={`/orders/${c.orderId}`}>{c.orderNumber}</PlaceLink>}
          </>
        }
        actions={
          c.can.reassign && (
            <button type="button" className="zc-btn" onClick={() => setSheet('reassign')}>
              {t('verb.reassign')}
            </button>
          )
        }
      />
      <Section title={t('steps')}>
        <ol className="case-steps">
          {STEPS.map((step, i) => {
            const state = stepState(c, step)
            const can = c.can[step] === true && !(step === 'close' && blocked)
            const next = state === 'now' || (step === 'plan' && c.check?.effective === false && c.state === 'checked')
            return (
              <li key={step} data-state={state}>
                <span className="mark" aria-hidden>
                  {state === 'done' ? <Check className="zc-icon" size={14} /> : i + 1}
                </span>
                <div>
                  <b>{t(`step.${step}`)}</b>
                  {said[step] ? <div className="said">{said[step]}</div> : <p>{t(`do.${step}`)}</p>}
                  {step === 'close' && c.state !== 'closed' && blocked && c.can.reassign !== undefined && (
                    <small id="case-close-why">{t(`close.${blocked}`)}</small>
                  )}
                </div>
                {step === 'close' && c.state !== 'closed' && c.can.reassign && (
                  <button
                    type="button"
                    className={`zc-btn${can ? ' primary' : ''}`}
                    disabled={!can}
                    aria-describedby={blocked ? 'case-close-why' : undefined}
                    onClick={async () => {
                      await call('POST /api/follow-ups/:id/close', { params: { id: c.id }, body: {} }).then(
                        () => done(t('closed')),
                        (error: Error) => toast(error.message),
                      )
                    }}
                  >
                    {t('verb.close')}
                  </button>
                )}
                {step !== 'close' && can && (
                  <button type="button" className={`zc-btn${next ? ' primary' : ''}`} onClick={() => setSheet(step)}>
                    {t(step === 'plan' && c.plan ? 'verb.replan' : `verb.${step}`)}
                  </button>
                )}
              </li>
            )
          })}
        </ol>
      </Section>
      {c.survey && (
        <Section title={t('survey')}>
          <SurveyFacts survey={c.survey} />
        </Section>
      )}
      {c.recurrence && (
        <Section title={t('recurrence')}>
          <p>{t('recurrence.text', { a: c.recurrence.days30, b: c.recurrence.days90 })}</p>
          {c.recurrence.provisional && <small className="soft">{t('recurrence.provisional')}</small>}
        </Section>
      )}
      <Section title={t('history')}>
        <TimelineFeed
          label={t('history')}
          events={c.history
            .map((e) => ({
              id: e.id,
              at: e.at,
              actor: e.actor ? { id: e.actor, name: e.actor } : null,
              text: h.say({ type: e.message.code, params: e.message.params }),
              reason: e.reason,
              more: h.remark({ type: e.message.code, params: e.message.params }),
            }))
            .reverse()}
        />
      </Section>
      {sheet === 'contact' && <ContactStep c={c} onClose={() => setSheet(null)} done={done} />}
      {sheet === 'plan' && <PlanStep c={c} onClose={() => setSheet(null)} done={done} />}
      {sheet === 'do' && <DoStep c={c} onClose={() => setSheet(null)} done={done} />}
      {sheet === 'check' && <CheckStep c={c} onClose={() => setSheet(null)} done={done} />}
      {sheet === 'act' && <ActStep c={c} onClose={() => setSheet(null)} done={done} />}
      {sheet === 'reassign' && <Reassign c={c} onClose={() => setSheet(null)} done={done} />}
    </article>
  )
}

type StepProps = { c: Case; onClose: () => void; done: (said: string) => void }
function Words({
  label,
  path,
  value,
  onChange,
  optional,
  max = 2000,
}: {
  label: string
  path: string
  value: string
  onChange: (v: string) => void
  optional?: boolean
  max?: number
}) {
  return (
    <Field label={label} path={path} optional={optional} wide>
      {(p) => (
        <textarea
          {...p}
          className="zc-input"
          maxLength={max}
          value={value}
          onChange={(e) => onChange(e.target.value)}
        />
      )}
    </Field>
  )
}

function ContactStep({ c, onClose, done }: StepProps) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const [outcome, setOutcome] = useState<'reached' | 'unreachable'>('reached')
  const [channel, setChannel] = useState<'call' | 'message' | 'visit' | 'email' | 'other'>('call')
  const [text, setText] = useState('')
  return (
    <Sheet
      title={`${t('step.contact')} ${c.customerName ?? ''}`}
      lead={t('do.contact')}
      submit={t('verb.contact')}
      onClose={onClose}
      onSubmit={async () => {
        await call('POST /api/follow-ups/:id/contact', {
          params: { id: c.id },
          body: { outcome, channel, words: text },
        })
        done(t('saved'))
      }}
    >
      <Choices
        label={t('outcome')}
        name="outcome"
        value={outcome}
        onChange={setOutcome}
        options={(['reached', 'unreachable'] as const).map((value) => ({ value, label: t(value) }))}
      />
      <Choices
        label={t('channel')}
        name="channel"
        value={channel}
        onChange={setChannel}
        options={(['call', 'message', 'visit', 'email', 'other'] as const).map((value) => ({
          value,
          label: o(`channel.${value}`),
        }))}
      />
      <Words label={t('said2')} path="words" optional value={text} onChange={setText} />
    </Sheet>
  )
}

const CAUSES = [
  'late',
  'not_solved',
  'skill',
  'attitude',
  'communication',
  'product_defect',
  'parts',
  'documents',
  'price',
  'misunderstanding',
  'other',
] as const
function PlanStep({ c, onClose, done }: StepProps) {
  const t = useWords(words)
  const h = useHappenings()
  const [cause, setCause] = useState<(typeof CAUSES)[number] | null>((c.plan?.cause as (typeof CAUSES)[number]) ?? null)
  const [action, setAction] = useState('')
  const [ownerId, setOwnerId] = useState<string | null>(c.owner.id)
  const [dueAt, setDueAt] = useState<string | null>(null)
  return (
    <Sheet
      title={t('step.plan')}
      lead={t('do.plan')}
      submit={t('verb.plan')}
      width={560}
      disabled={!cause || !action.trim() || !ownerId || !dueAt}
      onClose={onClose}
      onSubmit={async () => {
        if (!cause || !ownerId || !dueAt) return
        await call('POST /api/follow-ups/:id/plan', { params: { id: c.id }, body: { cause, action, ownerId, dueAt } })
        done(t('saved'))
      }}
    >
      <Field label={t('cause')} path="cause" wide>
        {() => (
          <Choices
            label={t('cause')}
            name="cause"
            value={cause}
            onChange={setCause}
            options={CAUSES.map((value) => ({ value, label: h.cause(value) }))}
          />
        )}
      </Field>
      <Words label={t('action')} path="action" value={action} onChange={setAction} />
      <div className="zc-fields">
        <Field label={t('action.owner')} path="ownerId">
          {(p) => (
            <PersonPick
              id={p.id}
              label={t('action.owner')}
              value={ownerId}
              shown={c.owner.name}
              onChange={(v) => setOwnerId(v)}
            />
          )}
        </Field>
        <Field label={t('action.due')} path="dueAt">
          {(p) => <WhenPick id={p.id} label={t('action.due')} zone="Asia/Shanghai" value={dueAt} onChange={setDueAt} />}
        </Field>
      </div>
    </Sheet>
  )
}

function DoStep({ c, onClose, done }: StepProps) {
  const t = useWords(words)
  const [text, setText] = useState('')
  return (
    <Sheet
      title={t('step.do')}
      lead={c.plan?.action}
      submit={t('verb.do')}
      onClose={onClose}
      onSubmit={async () => {
        await call('POST /api/follow-ups/:id/do', { params: { id: c.id }, body: { words: text } })
        done(t('saved'))
      }}
    >
      <Words label={t('done.words')} path="words" optional value={text} onChange={setText} />
    </Sheet>
  )
}

function CheckStep({ c, onClose, done }: StepProps) {
  const t = useWords(words)
  const [method, setMethod] = useState<'resurvey' | 'call'>('call')
  const [effective, setEffective] = useState<'yes' | 'no' | null>(null)
  const [score, setScore] = useState('')
  const [text, setText] = useState('')
  return (
    <Sheet
      title={t('step.check')}
      lead={t('do.check')}
      submit={t('verb.check')}
      disabled={!effective || !text.trim()}
      onClose={onClose}
      onSubmit={async () => {
        await call('POST /api/follow-ups/:id/check', {
          params: { id: c.id },
          body: { method, effective: effective === 'yes', score: score === '' ? null : Number(score), words: text },
        })
        done(t('saved'))
      }}
    >
      <Choices
        label={t('method')}
        name="method"
        value={method}
        onChange={setMethod}
        options={(['call', 'resurvey'] as const).map((value) => ({ value, label: t(`method.${value}`) }))}
      />
      <Choices
        label={t('effective')}
        name="effective"
        value={effective}
        onChange={setEffective}
        options={(['yes', 'no'] as const).map((value) => ({ value, label: t(value) }))}
      />
      <Field label={t('score')} path="score" optional>
        {(p) => (
          <input
            {...p}
            className="zc-input"
            type="number"
            min={0}
            max={100}
            value={score}
            onChange={(e) => setScore(e.target.value)}
          />
        )}
      </Field>
      <Words label={t('note.check')} path="words" value={text} onChange={setText} />
    </Sheet>
  )
}

const CHANGES = ['template', 'rule', 'article', 'training', 'none'] as const
function ActStep({ c, onClose, done }: StepProps) {
  const t = useWords(words)
  const h = useHappenings()
  const [change, setChange] = useState<(typeof CHANGES)[number] | null>(null)
  const [text, setText] = useState('')
  return (
    <Sheet
      title={t('step.act')}
      lead={t('do.act')}
      submit={t('verb.act')}
      disabled={!change || !text.trim()}
      onClose={onClose}
      onSubmit={async () => {
        if (!change) return
        await call('POST /api/follow-ups/:id/act', { params: { id: c.id }, body: { change, words: text } })
        done(t('saved'))
      }}
    >
      <Choices
        label={t('change')}
        name="change"
        value={change}
        onChange={setChange}
        options={CHANGES.map((value) => ({ value, label: h.change(value) }))}
      />
      <Words label={t('note')} path="words" value={text} onChange={setText} />
    </Sheet>
  )
}

function Reassign({ c, onClose, done }: StepProps) {
  const t = useWords(words)
  const [ownerId, setOwnerId] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  return (
    <Sheet
      title={`${t('verb.reassign')} ${c.number}`}
      submit={t('verb.reassign')}
      disabled={!ownerId || !reason.trim()}
      onClose={onClose}
      onSubmit={async () => {
        if (!ownerId) return
        await call('POST /api/follow-ups/:id/reassign', { params: { id: c.id }, body: { ownerId, reason } })
        done(t('handed'))
      }}
    >
      <Field label={t('reassign.to')} path="ownerId">
        {(p) => <PersonPick id={p.id} label={t('reassign.to')} value={ownerId} onChange={(v) => setOwnerId(v)} />}
      </Field>
      <Words label={t('reason')} path="reason" max={500} value={reason} onChange={setReason} />
    </Sheet>
  )
}
