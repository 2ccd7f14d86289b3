import { useNavigate } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { call } from '../../common/api/call'
import { asApiError } from '../../common/api/problem'
import { useCall } from '../../common/api/query'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { orderWords } from '../../common/order.words'
import { Popover } from '../../common/Popover'
import { useAbility } from '../../common/session'
import { toast } from '../../common/toast'
import { Choices, Pick, type SkillNeed, SkillsPick, WhenPick, type Window, WindowPick } from '../parts/Pick'
import { Field, Sheet } from '../parts/Sheet'
import { MODES, PRIORITIES, TYPES } from './Facts'
import { type Order, useRefresh } from './order'
import { words } from './words'

type Verb =
  | 'submit'
  | 'triage'
  | 'dispatch'
  | 'hold'
  | 'resume'
  | 'contact'
  | 'cancel'
  | 'cannot_complete'
  | 'accept'
  | 'reject'
  | 'notice'
  | 'decide_waive'
  | 'close'
  | 'reopen'
  | 'mark'
type SheetVerb = Exclude<Verb, 'submit' | 'dispatch' | 'resume'>

/** What comes next in each state, if this person may do it. */
const NEXT: Partial<Record<Order['state'], Verb[]>> = {
  draft: ['submit'],
  new: ['triage'],
  unassigned: ['dispatch'],
  on_hold: ['resume'],
  awaiting_acceptance: ['decide_waive', 'accept'],
  completed: ['close'],
}
const MORE: Verb[] = [
  'dispatch',
  'contact',
  'hold',
  'resume',
  'accept',
  'reject',
  'notice',
  'decide_waive',
  'close',
  'reopen',
  'mark',
  'cannot_complete',
  'cancel',
]

/** The order's verbs: the next one as the button, the others under 更多. Only what `can` allows is there at all. */
export function Actions({ order }: { order: Order }) {
  const t = useWords(words)
  const navigate = useNavigate()
  const refresh = useRefresh()
  const mayDispatch = useAbility('dispatch.assign')
  const [sheet, setSheet] = useState<SheetVerb | null>(null)
  const [busy, setBusy] = useState(false)

  const allowed = (verb: Verb): boolean => {
    if (verb === 'dispatch') return mayDispatch && ['unassigned', 'assigned', 'in_progress'].includes(order.state)
    if (verb === 'decide_waive') return order.can.waive === true
    return order.can[verb] === true
  }
  const label = (verb: Verb) =>
    verb === 'dispatch' && order.state !== 'unassigned' ? t('verb.redispatch') : t(`verb.${verb}`)
  const next = NEXT[order.state]?.find(allowed)
  const others = MORE.filter((verb) => verb !== next && allowed(verb))

  const run = async (verb: Verb) => {
    if (verb === 'dispatch') return void navigate({ to: '/dispatch', search: { order: order.id } as never })
    if (verb !== 'submit' && verb !== 'resume') return setSheet(verb)
    setBusy(true)
    try {
      const input = { params: { id: order.id }, body: {} }
      if (verb === 'submit') await call('POST /api/orders/:id/submit', input)
      else await call('POST /api/orders/:id/resume', input)
      refresh()
      toast(t(`done.${verb}`))
    } catch (error) {
      const problem = asApiError(error)
      toast([problem.title, problem.action].filter(Boolean).join(' · '))
      refresh()
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      {next && (
        <button type="button" className="zc-btn primary" disabled={busy} onClick={() => void run(next)}>
          {label(next)}
        </button>
      )}
      <Popover right triggerClass="zc-btn icon" label={t('more')} trigger={<Ellipsis className="zc-icon" size={18} />}>
        {(close) => (
          <>
            {others.map((verb) => (
              <button
                key={verb}
                type="button"
                className="option"
                onClick={() => {
                  close()
                  void run(verb)
                }}
              >
                {label(verb)}
              </button>
            ))}
            <button
              type="button"
              className="option"
              onClick={async () => {
                close()
                await navigator.clipboard.writeText(`${location.origin}/orders/${order.id}`)
                toast(t('done.copy'))
              }}
            >
              {t('verb.copy')}
            </button>
          </>
        )}
      </Popover>
      {sheet && <VerbSheet verb={sheet} order={order} onClose={() => setSheet(null)} />}
    </>
  )
}

function VerbSheet({ verb, order, onClose }: { verb: SheetVerb; order: Order; onClose: () => void }) {
  const refresh = useRefresh()
  const done = (said: string) => {
    refresh()
    toast(said)
    onClose()
  }
  const p: SheetProps = { order, onClose, done }
  if (verb === 'triage') return <Triage {...p} />
  if (verb === 'hold') return <Hold {...p} />
  if (verb === 'cancel' || verb === 'cannot_complete') return <End {...p} verb={verb} />
  if (verb === 'contact') return <Contact {...p} />
  if (verb === 'accept') return <Accept {...p} />
  if (verb === 'reject') return <Reject {...p} />
  if (verb === 'notice') return <Notice {...p} />
  if (verb === 'decide_waive') return <Waive {...p} />
  if (verb === 'close') return <Close {...p} />
  if (verb === 'reopen') return <Reopen {...p} />
  return <Mark {...p} />
}
type SheetProps = { order: Order; onClose: () => void; done: (said: string) => void }

function ReasonField({
  label,
  value,
  onChange,
  optional,
  path = 'reason',
}: {
  label: string
  value: string
  onChange: (v: string) => void
  optional?: boolean
  path?: string
}) {
  return (
    <Field label={label} path={path} optional={optional} wide>
      {(c) => (
        <textarea
          {...c}
          className="zc-input"
          maxLength={500}
          required={!optional}
          value={value}
          onChange={(e) => onChange(e.target.value)}
        />
      )}
    </Field>
  )
}

const RESPONSIBLE = ['customer', 'us', 'product', 'third_party'] as const
function Responsible({
  value,
  onChange,
}: {
  value: (typeof RESPONSIBLE)[number] | null
  onChange: (v: (typeof RESPONSIBLE)[number]) => void
}) {
  const t = useWords(words)
  const o = useWords(orderWords)
  return (
    <Field label={t('responsibility')} path="responsibility" wide>
      {() => (
        <Choices
          label={t('responsibility')}
          name="responsibility"
          value={value}
          onChange={onChange}
          options={RESPONSIBLE.map((v) => ({ value: v, label: o(`responsibility.${v}`) }))}
        />
      )}
    </Field>
  )
}
const CHANNELS = ['call', 'message', 'visit', 'email', 'other'] as const
function ChannelField({
  value,
  onChange,
}: {
  value: (typeof CHANNELS)[number]
  onChange: (v: (typeof CHANNELS)[number]) => void
}) {
  const t = useWords(words)
  const o = useWords(orderWords)
  return (
    <Field label={t('channel')} path="channel" wide>
      {() => (
        <Choices
          label={t('channel')}
          name="channel"
          value={value}
          onChange={onChange}
          options={CHANNELS.map((v) => ({ value: v, label: o(`channel.${v}`) }))}
        />
      )}
    </Field>
  )
}

function Triage({ order, onClose, done }: SheetProps) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const zone = order.siteZone ?? 'Asia/Shanghai'
  const [type, setType] = useState(order.type)
  const [priority, setPriority] = useState(order.priority)
  const [mode, setMode] = useState(order.mode)
  const [duration, setDuration] = useState(order.durationMin?.toString() ?? '')
  const [crew, setCrew] = useState(String(order.crew))
  const [skills, setSkills] = useState<SkillNeed[]>(order.skills)
  const [promise, setPromise] = useState<Window | null>(order.promise)
  const pick = <V extends string>(
    group: 'type' | 'priority' | 'mode',
    values: readonly V[],
    value: V,
    set: (v: V) => void,
  ) => (
    <Field label={t(`fact.${group}`)} path={group}>
      {(c) => (
        <select {...c} className="zc-input" value={value} onChange={(e) => set(e.target.value as V)}>
          {values.map((v) => (
            <option key={v} value={v}>
              {o(`${group}.${v}` as 'type.install')}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
  return (
    <Sheet
      title={`${t('verb.triage')} ${order.number}`}
      lead={t('lead.triage')}
      submit={t('verb.triage')}
      width={600}
      onClose={onClose}
      onSubmit={async () => {
        const settled = {
          type,
          priority,
          mode,
          crew: Number(crew) || 1,
          durationMin: duration ? Number(duration) : null,
          skills,
          ...(promise ? { promise } : {}),
        }
        // Only what was really settled here: the timeline names it.
        const changed = Object.entries(settled).filter(
          ([key, value]) => JSON.stringify(value) !== JSON.stringify(order[key as keyof Order]),
        )
        await call('POST /api/orders/:id/triage', { params: { id: order.id }, body: Object.fromEntries(changed) })
        done(t('done.triage'))
      }}
    >
      {order.text && <p className="order-text">{order.text}</p>}
      <div className="zc-fields">
        {pick('type', TYPES, type, setType)}
        {pick('priority', PRIORITIES, priority, setPriority)}
        {pick('mode', MODES, mode, setMode)}
        <Field label={t('fact.crew')} path="crew">
          {(c) => (
            <input
              {...c}
              className="zc-input"
              type="number"
              min={1}
              max={20}
              value={crew}
              onChange={(e) => setCrew(e.target.value)}
            />
          )}
        </Field>
        <Minutes value={duration} onChange={setDuration} />
        <Field label={t('fact.promise')} path="promise" optional wide>
          {(c) => <WindowPick id={c.id} zone={zone} value={promise} onChange={setPromise} />}
        </Field>
        <Field label={t('fact.skills')} path="skills" optional wide>
          {(c) => <SkillsPick id={c.id} value={skills} onChange={setSkills} />}
        </Field>
      </div>
    </Sheet>
  )
}

/** Minutes typed, with what they come to beside them. */
export function Minutes({ value, onChange }: { value: string; onChange: (v: string) => void }) {
  const t = useWords(words)
  const f = useFormat()
  return (
    <Field
      label={`${t('fact.duration')}（${t('minutes')}）`}
      path="durationMin"
      optional
      hint={value && Number(value) > 0 ? f.duration(Number(value)) : undefined}
    >
      {(c) => (
        <input
          {...c}
          className="zc-input"
          type="number"
          min={5}
          step={5}
          value={value}
          onChange={(e) => onChange(e.target.value)}
        />
      )}
    </Field>
  )
}

const HOLDS = ['customer', 'window', 'force_majeure', 'parts', 'product', 'other'] as const
const PAUSING: readonly string[] = ['customer', 'window', 'force_majeure']
/** Who is most likely responsible for a wait of this kind: a proposal, not a rule. */
const USUAL = {
  customer: 'customer',
  window: 'customer',
  force_majeure: 'third_party',
  parts: 'us',
  product: 'product',
  other: 'us',
} as const
function Hold({ order, onClose, done }: SheetProps) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const [cause, setCause] = useState<(typeof HOLDS)[number]>('customer')
  const [responsibility, setResponsibility] = useState<(typeof RESPONSIBLE)[number]>('customer')
  const [until, setUntil] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  return (
    <Sheet
      title={`${t('verb.hold')} ${order.number}`}
      lead={t('lead.hold')}
      submit={t('verb.hold')}
      disabled={!reason.trim()}
      onClose={onClose}
      onSubmit={async () => {
        await call('POST /api/orders/:id/hold', {
          params: { id: order.id },
          body: { cause, responsibility, until, reason },
        })
        done(t('done.hold'))
      }}
    >
      <Field label={t('cause')} path="cause" hint={t(PAUSING.includes(cause) ? 'pauses' : 'pausesNot')} wide>
        {() => (
          <Choices
            label={t('cause')}
            name="cause"
            value={cause}
            onChange={(v) => {
              setCause(v)
              setResponsibility(USUAL[v])
            }}
            options={HOLDS.map((v) => ({ value: v, label: o(`hold.${v}`) }))}
          />
        )}
      </Field>
      <Responsible value={responsibility} onChange={setResponsibility} />
      <ReasonField label={t('reason.hold')} value={reason} onChange={setReason} />
      <Field label={t('until')} path="until" optional>
        {(c) => (
          <WhenPick
            id={c.id}
            label={t('until')}
            zone={order.siteZone ?? 'Asia/Shanghai'}
            value={until}
            onChange={setUntil}
          />
        )}
      </Field>
    </Sheet>
  )
}

function End({ order, onClose, done, verb }: SheetProps & { verb: 'cancel' | 'cannot_complete' }) {
  const t = useWords(words)
  const name = t(verb === 'cancel' ? 'verb.cancel' : 'verb.cannot_complete')
  const [responsibility, setResponsibility] = useState<(typeof RESPONSIBLE)[number] | null>(null)
  const [reason, setReason] = useState('')
  return (
    <Sheet
      title={`${name} ${order.number}`}
      lead={t(verb === 'cancel' ? 'lead.cancel' : 'lead.cannot')}
      submit={name}
      danger
      disabled={!reason.trim() || !responsibility}
      onClose={onClose}
      onSubmit={async () => {
        if (!responsibility) return
        const input = { params: { id: order.id }, body: { reason, responsibility } }
        if (verb === 'cancel') await call('POST /api/orders/:id/cancel', input)
        else await call('POST /api/orders/:id/cannot-complete', input)
        done(t(verb === 'cancel' ? 'done.cancel' : 'done.cannot_complete'))
      }}
    >
      <Responsible value={responsibility} onChange={setResponsibility} />
      <ReasonField label={t('reason')} value={reason} onChange={setReason} />
    </Sheet>
  )
}

function Contact({ order, onClose, done }: SheetProps) {
  const t = useWords(words)
  const [channel, setChannel] = useState<(typeof CHANNELS)[number]>('call')
  const [note, setNote] = useState('')
  return (
    <Sheet
      title={`${t('verb.contact')} ${order.number}`}
      lead={t('lead.contact')}
      submit={t('verb.contact')}
      onClose={onClose}
      onSubmit={async () => {
        await call('POST /api/orders/:id/contact', {
          params: { id: order.id },
          body: { channel, contactId: order.contact?.id ?? null, note: note.trim() || null },
        })
        done(t('done.contact'))
      }}
    >
      <ChannelField value={channel} onChange={setChannel} />
      <ReasonField label={t('note')} path="note" optional value={note} onChange={setNote} />
    </Sheet>
  )
}

function Accept({ order, onClose, done }: SheetProps) {
  const t = useWords(words)
  return (
    <Sheet
      title={`${t('verb.accept')} ${order.number}`}
      lead={t('lead.accept')}
      submit={t('verb.accept')}
      onClose={onClose}
      onSubmit={async () => {
        await call('POST /api/orders/:id/accept', {
          params: { id: order.id },
          body: { contactId: order.contact?.id ?? null },
        })
        done(t('done.accept'))
      }}
    />
  )
}

function Reject({ order, onClose, done }: SheetProps) {
  const t = useWords(words)
  const [reason, setReason] = useState('')
  const [remaining, setRemaining] = useState('')
  return (
    <Sheet
      title={`${t('verb.reject')} ${order.number}`}
      lead={t('lead.reject')}
      submit={t('verb.reject')}
      disabled={!reason.trim()}
      onClose={onClose}
      onSubmit={async () => {
        await call('POST /api/orders/:id/reject', {
          params: { id: order.id },
          body: { reason, remaining: remaining.trim() || null, contactId: order.contact?.id ?? null },
        })
        done(t('done.reject'))
      }}
    >
      <ReasonField label={t('reason')} value={reason} onChange={setReason} />
      <ReasonField label={t('remaining')} path="remaining" optional value={remaining} onChange={setRemaining} />
    </Sheet>
  )
}

function Notice({ order, onClose, done }: SheetProps) {
  const t = useWords(words)
  const [channel, setChannel] = useState<(typeof CHANNELS)[number]>('email')
  return (
    <Sheet
      title={`${t('verb.notice')} ${order.number}`}
      lead={t('lead.notice', { n: order.contract?.deemAfterDays ?? 0 })}
      submit={t('verb.notice')}
      onClose={onClose}
      onSubmit={async () => {
        await call('POST /api/orders/:id/acceptance-notice', {
          params: { id: order.id },
          body: { channel, contactId: order.contact?.id ?? null },
        })
        done(t('done.notice'))
      }}
    >
      <ChannelField value={channel} onChange={setChannel} />
    </Sheet>
  )
}

/** The engineer's request with its photos and reason; the supervisor says yes or no. */
function Waive({ order, onClose, done }: SheetProps) {
  const t = useWords(words)
  const timeline = useCall('GET /api/orders/:id/timeline', { params: { id: order.id }, query: { limit: 200 } })
  const asked = timeline.data?.rows.find((e) => e.type === 'order.waive_requested')
  const photos = (asked?.params.photoIds as string[] | undefined) ?? []
  const [verdict, setVerdict] = useState<'waive' | 'refuse_waive'>('waive')
  const [reason, setReason] = useState('')
  return (
    <Sheet
      title={`${t('verb.decide_waive')} ${order.number}`}
      lead={asked && t('lead.waive', { name: asked.actor.name, reason: asked.reason ?? '—' })}
      submit={t(`verb.${verdict}`)}
      disabled={verdict === 'refuse_waive' && !reason.trim()}
      onClose={onClose}
      onSubmit={async () => {
        if (verdict === 'waive')
          await call('POST /api/orders/:id/waive', {
            params: { id: order.id },
            body: { reason: reason.trim() || null },
          })
        else await call('POST /api/orders/:id/refuse-waive', { params: { id: order.id }, body: { reason } })
        done(t(`done.${verdict}`))
      }}
    >
      {photos.length > 0 && (
        <div className="order-docs" style={{ gridTemplateColumns: 'repeat(3, 1fr)' }}>
          {photos.map((id, i) => (
            <a key={id} href={`/api/evidence/${id}/bytes`} target="_blank" rel="noreferrer">
              <img
                src={`/api/evidence/${id}/bytes?size=thumb`}
                alt={`${i + 1}`}
                style={{ width: '100%', borderRadius: 4 }}
              />
            </a>
          ))}
        </div>
      )}
      <Choices
        label={t('verb.decide_waive')}
        name="verdict"
        value={verdict}
        onChange={setVerdict}
        options={[
          { value: 'waive', label: t('verb.waive') },
          { value: 'refuse_waive', label: t('verb.refuse_waive') },
        ]}
      />
      <ReasonField label={t('reason')} optional={verdict === 'waive'} value={reason} onChange={setReason} />
    </Sheet>
  )
}

function Close({ order, onClose, done }: SheetProps) {
  const t = useWords(words)
  const [reviewed, setReviewed] = useState(false)
  const [note, setNote] = useState('')
  return (
    <Sheet
      title={`${t('verb.close')} ${order.number}`}
      lead={t('lead.close')}
      submit={t('verb.close')}
      disabled={!reviewed}
      onClose={onClose}
      onSubmit={async () => {
        await call('POST /api/orders/:id/close', {
          params: { id: order.id },
          body: { reviewed: true, note: note.trim() || null },
        })
        done(t('done.close'))
      }}
    >
      <label style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
        <input type="checkbox" checked={reviewed} onChange={(e) => setReviewed(e.target.checked)} />
        {t('reviewed')}
      </label>
      <ReasonField label={t('note')} path="note" optional value={note} onChange={setNote} />
    </Sheet>
  )
}

function Reopen({ order, onClose, done }: SheetProps) {
  const t = useWords(words)
  const navigate = useNavigate()
  const [reason, setReason] = useState('')
  return (
    <Sheet
      title={`${t('verb.reopen')} ${order.number}`}
      lead={t('lead.reopen')}
      submit={t('verb.reopen')}
      disabled={!reason.trim()}
      onClose={onClose}
      onSubmit={async () => {
        const made = await call('POST /api/orders/:id/reopen', { params: { id: order.id }, body: { reason } })
        done(t('done.reopen', { number: made.number }))
        void navigate({ to: `/orders/${made.id}`, search: ((s: unknown) => s) as never })
      }}
    >
      <ReasonField label={t('reason')} value={reason} onChange={setReason} />
    </Sheet>
  )
}

function Mark({ order, onClose, done }: SheetProps) {
  const t = useWords(words)
  const [as, setAs] = useState<'duplicate' | 'test' | 'none'>(order.mark ?? 'none')
  const [of, setOf] = useState<string | null>(order.duplicateOf)
  const [text, setText] = useState('')
  const found = useCall(
    'GET /api/orders',
    { query: { limit: 20, customerId: order.customer.id, ...(text.trim() ? { q: text.trim() } : {}) } },
    { enabled: as === 'duplicate', placeholderData: (before) => before },
  )
  return (
    <Sheet
      title={`${t('verb.mark')} ${order.number}`}
      lead={t('lead.mark')}
      submit={t(as === 'none' ? 'as.none' : `as.${as}`)}
      disabled={as === 'duplicate' ? !of : as === (order.mark ?? 'none')}
      onClose={onClose}
      onSubmit={async () => {
        await call('POST /api/orders/:id/mark', {
          params: { id: order.id },
          body: { as: as === 'none' ? null : as, duplicateOf: as === 'duplicate' ? of : null },
        })
        done(t(as === 'none' ? 'done.unmark' : 'done.mark'))
      }}
    >
      <Choices<'duplicate' | 'test' | 'none'>
        label={t('verb.mark')}
        name="mark"
        value={as}
        onChange={setAs}
        options={[
          { value: 'duplicate', label: t('as.duplicate') },
          { value: 'test', label: t('as.test') },
          { value: 'none', label: t('as.none') },
        ]}
      />
      {as === 'duplicate' && (
        <Field label={t('duplicateOf')} path="duplicateOf">
          {(c): ReactNode => (
            <Pick
              id={c.id}
              label={t('duplicateOf')}
              placeholder={t('pickOrder')}
              value={of}
              loading={found.isFetching}
              onSearch={setText}
              choices={
                found.data?.rows
                  .filter((r) => r.id !== order.id)
                  .map((r) => ({ value: r.id, label: `${r.number} ${r.title}` })) ?? []
              }
              onChange={(v) => setOf(v)}
            />
          )}
        </Field>
      )}
    </Sheet>
  )
}
