// The lifecycle of order, visit and follow-up as one table of data. Rules, permissions, buttons, API docs and the
// manual read these rows; nothing else may know which verb is possible in which state.

export type Aggregate = 'order' | 'visit' | 'followup'

export const ORDER_STATES = [
  'draft',
  'new',
  'unassigned',
  'assigned',
  'in_progress',
  'on_hold',
  'awaiting_acceptance',
  'completed',
  'closed',
  'cancelled',
  'cannot_complete',
] as const
export const VISIT_STATES = [
  'planned',
  'offered',
  'taken',
  'declined',
  'en_route',
  'on_site',
  'working',
  'paused',
  'finished',
  'cancelled',
  'reassigned',
  'aborted',
  'missed',
] as const
export const FOLLOWUP_STATES = ['open', 'contacted', 'planned', 'done', 'checked', 'acted', 'closed'] as const
export const VISIT_MODES = ['onsite', 'remote', 'resident'] as const

export type OrderStateCode = (typeof ORDER_STATES)[number]
export type VisitStateCode = (typeof VISIT_STATES)[number]
export type FollowUpStateCode = (typeof FOLLOWUP_STATES)[number]
export type VisitMode = (typeof VISIT_MODES)[number]

export type StateOf<A extends Aggregate> = A extends 'order'
  ? OrderStateCode
  : A extends 'visit'
    ? VisitStateCode
    : FollowUpStateCode

/** What a colour says; the tokens of the web decide how it looks. */
export type Meaning = 'blue' | 'teal' | 'green' | 'amber' | 'red' | 'grey'

export const ORDER_MEANING: Record<OrderStateCode, Meaning> = {
  draft: 'grey',
  new: 'blue',
  unassigned: 'blue',
  assigned: 'teal',
  in_progress: 'teal',
  on_hold: 'amber',
  awaiting_acceptance: 'amber',
  completed: 'green',
  closed: 'green',
  cancelled: 'grey',
  cannot_complete: 'red',
}
export const VISIT_MEANING: Record<VisitStateCode, Meaning> = {
  planned: 'blue',
  offered: 'blue',
  taken: 'teal',
  declined: 'amber',
  en_route: 'teal',
  on_site: 'teal',
  working: 'teal',
  paused: 'amber',
  finished: 'green',
  cancelled: 'grey',
  reassigned: 'grey',
  aborted: 'red',
  missed: 'red',
}
export const FOLLOWUP_MEANING: Record<FollowUpStateCode, Meaning> = {
  open: 'amber',
  contacted: 'blue',
  planned: 'blue',
  done: 'teal',
  checked: 'teal',
  acted: 'green',
  closed: 'green',
}

/** Visit states in which the engineer's planned time is held (engineer_occupancy). */
export const VISIT_OCCUPYING: readonly VisitStateCode[] = [
  'planned',
  'offered',
  'taken',
  'en_route',
  'on_site',
  'working',
  'paused',
]
export const VISIT_UNDERWAY: readonly VisitStateCode[] = ['en_route', 'on_site', 'working', 'paused']
export const VISIT_ENDED: readonly VisitStateCode[] = [
  'declined',
  'finished',
  'cancelled',
  'reassigned',
  'aborted',
  'missed',
]
export const ORDER_ENDED: readonly OrderStateCode[] = ['closed', 'cancelled', 'cannot_complete']
/** Order states that follow from the visits (derive.ts); every other state is somebody's decision. */
export const ORDER_DERIVED = ['unassigned', 'assigned', 'in_progress', 'awaiting_acceptance'] as const
export type OrderDerivedState = (typeof ORDER_DERIVED)[number]

/** Verb ↔ event type, one to one. */
export const EVENT_OF = {
  order: {
    create: 'order.created',
    submit: 'order.submitted',
    triage: 'order.triaged',
    edit: 'order.edited',
    contact: 'order.contacted',
    progress: 'order.progressed',
    hold: 'order.held',
    resume: 'order.resumed',
    cancel: 'order.cancelled',
    cannot_complete: 'order.cannot_complete',
    accept: 'order.accepted',
    reject: 'order.rejected',
    deem: 'order.deemed',
    request_waive: 'order.waive_requested',
    waive: 'order.waived',
    refuse_waive: 'order.waive_refused',
    close: 'order.closed',
    reopen: 'order.reopened',
    mark: 'order.marked',
  },
  visit: {
    plan: 'visit.planned',
    offer: 'visit.offered',
    open: 'visit.opened',
    take: 'visit.taken',
    decline: 'visit.declined',
    recall: 'visit.recalled',
    reassign: 'visit.reassigned',
    appoint: 'visit.appointed',
    reschedule: 'visit.rescheduled',
    extend: 'visit.extended',
    route: 'visit.routed',
    depart: 'visit.departed',
    check_in: 'visit.checked_in',
    start: 'visit.started',
    pause: 'visit.paused',
    resume: 'visit.resumed',
    finish: 'visit.finished',
    cancel: 'visit.cancelled',
    abort: 'visit.aborted',
    miss: 'visit.missed',
    confirm: 'visit.customer_confirmed',
    add_evidence: 'visit.evidence_added',
    grade_checkin: 'visit.checkin_graded',
    review_checkin: 'visit.checkin_reviewed',
    appeal_checkin: 'visit.checkin_appealed',
  },
  followup: {
    open: 'followup.opened',
    contact: 'followup.contacted',
    plan: 'followup.planned',
    do: 'followup.done',
    check: 'followup.checked',
    act: 'followup.acted',
    close: 'followup.closed',
    reassign: 'followup.reassigned',
  },
} as const

export type Verb<A extends Aggregate = Aggregate> = A extends Aggregate ? keyof (typeof EVENT_OF)[A] & string : never
type Values<T> = T[keyof T]
export type OrderEventType = Values<(typeof EVENT_OF)['order']>
export type VisitEventType = Values<(typeof EVENT_OF)['visit']>
export type FollowUpEventType = Values<(typeof EVENT_OF)['followup']>
export type EventType = OrderEventType | VisitEventType | FollowUpEventType

const VERB_OF = new Map<string, { aggregate: Aggregate; verb: Verb }>(
  (Object.keys(EVENT_OF) as Aggregate[]).flatMap((aggregate) =>
    Object.entries(EVENT_OF[aggregate]).map(
      ([verb, type]) => [type, { aggregate, verb: verb as Verb }] as [string, { aggregate: Aggregate; verb: Verb }],
    ),
  ),
)
export const EVENT_TYPES = [...VERB_OF.keys()] as EventType[]

/** The verb behind an event type; undefined for a type that this version does not know. */
export function verbOf(type: string): { aggregate: Aggregate; verb: Verb } | undefined {
  return VERB_OF.get(type)
}

/** What the command must bring along. */
export type Input =
  | 'reason'
  | 'responsibility'
  | 'engineer'
  | 'time'
  | 'asked_by'
  | 'result'
  | 'photo'
  | 'outcome'
  | 'cause'
  | 'owner'
  | 'effect'
/** What must be true in the world; the server knows, and says so in `facts`. */
export type Gate =
  | 'contract_deems'
  | 'notice_sent'
  | 'waive_requested'
  | 'reviewed'
  | 'survey_settled'
  | 'documents_filed'
  | 'checked'
export type Need = Input | Gate
const GATES: readonly Need[] = [
  'contract_deems',
  'notice_sent',
  'waive_requested',
  'reviewed',
  'survey_settled',
  'documents_filed',
  'checked',
]

/** `same`: the state stays. `event`: the event says which (created as draft or new, progressed, resumed). */
export type Target<A extends Aggregate> = StateOf<A> | 'same' | 'event'

export interface Row<A extends Aggregate = Aggregate> {
  aggregate: A
  /** null: before it exists. */
  from: StateOf<A> | null
  verb: Verb<A>
  to: Target<A>
  needs: readonly Need[]
  /** Only these modes of visit; absent means all. */
  modes?: readonly VisitMode[]
}

function rows<A extends Aggregate>(
  aggregate: A,
  list: [
    from: (StateOf<A> | null)[],
    verb: Verb<A>,
    to: Target<A>,
    needs?: readonly Need[],
    modes?: readonly VisitMode[],
  ][],
): Row<A>[] {
  return list.flatMap(([froms, verb, to, needs = [], modes]) =>
    froms.map((from) => ({ aggregate, from, verb, to, needs, ...(modes ? { modes } : {}) })),
  )
}

const OPEN_ORDER: OrderStateCode[] = ['new', 'unassigned', 'assigned', 'in_progress', 'on_hold', 'awaiting_acceptance']

export const ORDER_ROWS: readonly Row<'order'>[] = rows('order', [
  [[null], 'create', 'event'],
  [['draft'], 'submit', 'new'],
  [['new'], 'triage', 'unassigned'],
  [['draft', ...OPEN_ORDER], 'edit', 'same'],
  [['draft', ...OPEN_ORDER], 'contact', 'same'],
  [['unassigned', 'assigned', 'in_progress', 'awaiting_acceptance'], 'progress', 'event'],
  // The visits go on underneath a hold; what they come to waits for the resume.
  [['on_hold'], 'progress', 'same'],
  [
    ['new', 'unassigned', 'assigned', 'in_progress', 'awaiting_acceptance'],
    'hold',
    'on_hold',
    ['reason', 'responsibility'],
  ],
  [['on_hold'], 'resume', 'event'],
  [
    ['draft', 'new', 'unassigned', 'assigned', 'in_progress', 'on_hold'],
    'cancel',
    'cancelled',
    ['reason', 'responsibility'],
  ],
  [
    ['unassigned', 'assigned', 'in_progress', 'on_hold'],
    'cannot_complete',
    'cannot_complete',
    ['reason', 'responsibility'],
  ],
  [['awaiting_acceptance'], 'accept', 'completed'],
  [['awaiting_acceptance'], 'reject', 'unassigned', ['reason']],
  [['awaiting_acceptance'], 'deem', 'completed', ['contract_deems', 'notice_sent']],
  [['awaiting_acceptance'], 'request_waive', 'same', ['reason', 'photo']],
  [['awaiting_acceptance'], 'waive', 'completed', ['waive_requested']],
  [['awaiting_acceptance'], 'refuse_waive', 'same', ['waive_requested', 'reason']],
  [['completed'], 'close', 'closed', ['reviewed', 'survey_settled']],
  // The old order stays as it ended: reopening makes a linked order that counts as a repeat.
  [['completed', 'closed', 'cancelled', 'cannot_complete'], 'reopen', 'same', ['reason']],
  [[...ORDER_STATES], 'mark', 'same'],
])

const ARRIVED: VisitStateCode[] = ['on_site', 'working', 'paused', 'finished', 'aborted']

export const VISIT_ROWS: readonly Row<'visit'>[] = rows('visit', [
  [[null], 'plan', 'planned', ['time']],
  [['planned'], 'offer', 'offered', ['engineer']],
  // Seen is a plain fact: it may cross a recall or come after the take without being a conflict.
  [['planned', 'offered', 'taken'], 'open', 'same'],
  [['offered'], 'take', 'taken'],
  [['offered'], 'decline', 'declined', ['reason']],
  [['offered', 'taken'], 'recall', 'planned', ['reason']],
  [['planned', 'offered', 'taken', 'en_route'], 'reassign', 'reassigned', ['engineer', 'reason']],
  [['planned', 'offered', 'taken'], 'appoint', 'same', ['time']],
  [['planned', 'offered', 'taken'], 'reschedule', 'same', ['time', 'asked_by']],
  // Somebody on the road who is told another time is no longer on the road for this visit.
  [['en_route'], 'reschedule', 'taken', ['time', 'asked_by']],
  // The first visit of a trip was called off: the way to the place is the next one's.
  [['planned', 'offered', 'taken', 'en_route'], 'route', 'same'],
  // More time for work that is in hand: the beginning stands, and so does whoever is on the road or at work.
  [['taken', 'en_route', 'on_site', 'working', 'paused'], 'extend', 'same', ['time', 'reason']],
  [['taken'], 'depart', 'en_route', [], ['onsite', 'resident']],
  // Nobody is refused at the door for having forgotten to press “set out”.
  [['taken', 'en_route'], 'check_in', 'on_site', [], ['onsite', 'resident']],
  // A resident checks in once a day while the assignment runs.
  [['on_site', 'working', 'paused'], 'check_in', 'same', [], ['resident']],
  [['on_site'], 'start', 'working', [], ['onsite', 'resident']],
  [['taken'], 'start', 'working', [], ['remote']],
  [['working'], 'pause', 'paused', ['reason']],
  [['paused'], 'resume', 'working'],
  // From on_site too: the customer was not there, the work never began.
  [['on_site', 'working', 'paused'], 'finish', 'finished', ['result', 'documents_filed']],
  [['planned', 'offered', 'taken', 'en_route'], 'cancel', 'cancelled', ['reason']],
  [['on_site', 'working', 'paused'], 'abort', 'aborted', ['reason']],
  [['planned', 'offered', 'taken', 'en_route'], 'miss', 'missed'],
  [['working', 'paused', 'finished'], 'confirm', 'same', [], ['remote']],
  // A photo of a locked gate counts as well, so evidence is open from the take on.
  [['taken', 'en_route', ...ARRIVED, 'missed'], 'add_evidence', 'same'],
  [ARRIVED, 'grade_checkin', 'same', [], ['onsite', 'resident']],
  [ARRIVED, 'review_checkin', 'same', ['result'], ['onsite', 'resident']],
  [ARRIVED, 'appeal_checkin', 'same', ['reason'], ['onsite', 'resident']],
])

export const FOLLOWUP_ROWS: readonly Row<'followup'>[] = rows('followup', [
  [[null], 'open', 'open', ['owner']],
  [['open'], 'contact', 'contacted', ['outcome']],
  [['contacted', 'planned', 'done', 'checked', 'acted'], 'contact', 'same', ['outcome']],
  [['contacted'], 'plan', 'planned', ['cause', 'owner']],
  // The check found no effect: plan again.
  [['checked'], 'plan', 'planned', ['cause', 'owner']],
  [['planned'], 'do', 'done'],
  [['done'], 'check', 'checked', ['effect']],
  [['checked'], 'act', 'acted'],
  [['acted'], 'close', 'closed', ['checked']],
  [['open', 'contacted', 'planned', 'done', 'checked', 'acted'], 'reassign', 'same', ['owner', 'reason']],
])

export const LIFECYCLE: readonly Row[] = [...ORDER_ROWS, ...VISIT_ROWS, ...FOLLOWUP_ROWS] as readonly Row[]

const BY_KEY = new Map<string, Row[]>()
for (const row of LIFECYCLE) {
  const key = `${row.aggregate}|${row.from ?? ''}|${row.verb}`
  const list = BY_KEY.get(key)
  if (list) list.push(row)
  else BY_KEY.set(key, [row])
}

/** Gates that hold, and the mode of the visit. Inputs are the command's to check. */
export type Facts = { mode?: VisitMode } & Partial<Record<Gate, boolean>>

export type Judgement<A extends Aggregate> =
  | { ok: true; row: Row<A> }
  | { ok: false; why: 'not_from_state' | 'not_in_mode'; missing: readonly [] }
  | { ok: false; why: 'gate_closed'; missing: readonly Need[] }

/**
 * May this verb happen in this state, and if not, why. Without facts only the state speaks; `{ mode }` narrows it to
 * a mode of visit. As soon as facts name one gate, every gate of the row must be true in them: unknown is closed.
 */
export function judge<A extends Aggregate>(
  aggregate: A,
  state: StateOf<A> | null,
  verb: Verb<A>,
  facts?: Facts,
): Judgement<A> {
  const found = (BY_KEY.get(`${aggregate}|${state ?? ''}|${verb}`) ?? []) as unknown as Row<A>[]
  if (found.length === 0) return { ok: false, why: 'not_from_state', missing: [] }
  const mode = facts?.mode
  const row = mode ? found.find((r) => !r.modes || r.modes.includes(mode)) : found[0]
  if (!row) return { ok: false, why: 'not_in_mode', missing: [] }
  const asked = Object.keys(facts ?? {}).some((key) => key !== 'mode')
  const missing = asked ? gatesOf(row).filter((gate) => facts?.[gate] !== true) : []
  return missing.length > 0 ? { ok: false, why: 'gate_closed', missing } : { ok: true, row }
}

/** The one-word answer of `judge`. */
export function can<A extends Aggregate>(
  aggregate: A,
  state: StateOf<A> | null,
  verb: Verb<A>,
  facts?: Facts,
): boolean {
  return judge(aggregate, state, verb, facts).ok
}

export function gatesOf(row: Pick<Row, 'needs'>): Gate[] {
  return row.needs.filter((need): need is Gate => GATES.includes(need))
}

export function inputsOf(row: Pick<Row, 'needs'>): Input[] {
  return row.needs.filter((need): need is Input => !GATES.includes(need))
}

/** Verbs possible from a state, in the order of the table. */
export function verbsFrom<A extends Aggregate>(aggregate: A, state: StateOf<A> | null, mode?: VisitMode): Verb<A>[] {
  const verbs = LIFECYCLE.filter(
    (row) => row.aggregate === aggregate && row.from === state && (!mode || !row.modes || row.modes.includes(mode)),
  ).map((row) => row.verb as unknown as Verb<A>)
  return [...new Set(verbs)]
}
