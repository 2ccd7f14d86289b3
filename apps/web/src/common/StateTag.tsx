import {
  Archive,
  Ban,
  Car,
  CheckCheck,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CircleHelp,
  CirclePause,
  CirclePlay,
  CircleX,
  ClipboardCheck,
  Eye,
  FileCheck,
  Hand,
  Inbox,
  type LucideIcon,
  MapPin,
  MessageCircle,
  PencilLine,
  Phone,
  Repeat,
  Send,
  Signature,
  TriangleAlert,
  UserCheck,
  UserSearch,
  Wrench,
} from 'lucide-react'
import { FOLLOWUP_MEANING, ORDER_MEANING, VISIT_MEANING } from '#lifecycle'
import { useWords } from './i18n/words'
import './StateTag.css'
import { words } from './state.words'

/** What a colour says. `violet` is kept for what the engine or a rule made. */
export type Meaning = 'blue' | 'teal' | 'green' | 'amber' | 'red' | 'grey' | 'violet'

const PROJECT_MEANING = { active: 'teal', paused: 'amber', accepted: 'green' } as const satisfies Record<
  string,
  Meaning
>
const PHASE_MEANING = { planned: 'blue', active: 'teal', done: 'green' } as const satisfies Record<string, Meaning>
const HEALTH_MEANING = { good: 'green', watch: 'amber', risk: 'red', unknown: 'grey' } as const satisfies Record<
  string,
  Meaning
>
const DOCUMENT_MEANING = { draft: 'amber', filed: 'blue', signed: 'green' } as const satisfies Record<string, Meaning>

const MEANING = {
  order: ORDER_MEANING,
  visit: VISIT_MEANING,
  followup: FOLLOWUP_MEANING,
  project: PROJECT_MEANING,
  phase: PHASE_MEANING,
  health: HEALTH_MEANING,
  document: DOCUMENT_MEANING,
}
export type StateKind = keyof typeof MEANING
export type StateOf<K extends StateKind> = keyof (typeof MEANING)[K] & string

const ICON: { [K in StateKind]: Record<StateOf<K>, LucideIcon> } = {
  order: {
    draft: PencilLine,
    new: Inbox,
    unassigned: UserSearch,
    assigned: UserCheck,
    in_progress: CirclePlay,
    on_hold: CirclePause,
    awaiting_acceptance: ClipboardCheck,
    completed: CircleCheck,
    closed: Archive,
    cancelled: Ban,
    cannot_complete: CircleX,
  },
  visit: {
    planned: CircleDashed,
    offered: Send,
    taken: UserCheck,
    declined: Hand,
    en_route: Car,
    on_site: MapPin,
    working: Wrench,
    paused: CirclePause,
    finished: CircleCheck,
    cancelled: Ban,
    reassigned: Repeat,
    aborted: CircleX,
    missed: TriangleAlert,
  },
  followup: {
    open: Phone,
    contacted: MessageCircle,
    planned: PencilLine,
    done: CirclePlay,
    checked: CheckCheck,
    acted: FileCheck,
    closed: CircleCheck,
  },
  project: { active: CirclePlay, paused: CirclePause, accepted: CircleCheck },
  phase: { planned: CircleDashed, active: CirclePlay, done: CircleCheck },
  health: { good: CircleCheck, watch: Eye, risk: TriangleAlert, unknown: CircleHelp },
  document: { draft: PencilLine, filed: FileCheck, signed: Signature },
}

/** The colour meaning of a state, for bars, dots and map points. */
export function meaningOf<K extends StateKind>(kind: K, state: StateOf<K>): Meaning {
  return (MEANING[kind] as Record<string, Meaning>)[state] ?? 'grey'
}

/** The icon of a state; always beside its word or with a label. */
export function iconOf<K extends StateKind>(kind: K, state: StateOf<K>): LucideIcon {
  return (ICON[kind] as Record<string, LucideIcon>)[state] ?? CircleDot
}

/** Names of states in the reader's language: `const name = useStateName(); name('order', 'new')`. */
export function useStateName(): <K extends StateKind>(kind: K, state: StateOf<K>) => string {
  const t = useWords(words)
  return (kind, state) => t(`${kind}.${state}` as keyof (typeof words)['zh-CN'])
}

/** A state as word + icon + colour, the same in every list, board, page and phone. `quiet`: no background, for dense rows. */
export function StateTag<K extends StateKind>({
  kind,
  state,
  quiet = false,
}: {
  kind: K
  state: StateOf<K>
  quiet?: boolean
}) {
  const name = useStateName()
  return (
    <Tag meaning={meaningOf(kind, state)} icon={iconOf(kind, state)} quiet={quiet}>
      {name(kind, state)}
    </Tag>
  )
}

/** A word with an icon in one of the seven meanings, for what is no lifecycle state (grades, causes, 引擎排定). */
export function Tag({
  meaning,
  icon: Icon,
  quiet = false,
  children,
}: {
  meaning: Meaning
  icon?: LucideIcon
  quiet?: boolean
  children: string
}) {
  return (
    <span className={`zc-tag${quiet ? ' quiet' : ''}`} data-meaning={meaning}>
      {Icon && <Icon className="zc-icon" size="1.1em" aria-hidden />}
      <span className="zc-clip">{children}</span>
    </span>
  )
}
