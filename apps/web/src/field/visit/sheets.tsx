import { useState } from 'react'
import { useDraft } from '../../common/draft'
import { useFormat } from '../../common/i18n/format'
import { joinDetail } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { useMe } from '../../common/session'
import { type BodyOf, type CommandName, useAct } from '../../offline'
import type { VisitCard } from '../../offline/visits'
import { usePhotos } from '../photos/hooks'
import { LocalTile, PhotoButtons } from '../photos/PhotoGrid'
import { noteCall } from '../requests/calls'
import { fromWall, toWall } from '../zone'
import { Chips, Sheet } from './Sheet'
import { words } from './words'

export type SheetKey = 'decline' | 'appoint' | 'reschedule' | 'pause' | 'abort' | 'confirm' | 'appeal'
type Props = { visit: VisitCard; onClose: () => void }

type CardCommand = Extract<CommandName, `visit.${string}`>
/** Keeps one command from a sheet; what was typed is in the outbox then, and is only forgotten here when it is safe there. */
function useSend(visit: VisitCard, done: () => void) {
  const run = useAct()
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const send = async <C extends CardCommand>(command: C, body: BodyOf<C>) => {
    setBusy(true)
    setProblem(undefined)
    try {
      await run(command, visit.id, body)
      done()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }
  return { send, problem, busy }
}

export const placeOf = (v: Pick<VisitCard, 'customer' | 'site'>) => v.customer.name || v.site?.name || ''

function Foot({
  label,
  busy,
  problem,
  disabled,
  danger,
  onDo,
}: {
  label: string
  busy: boolean
  problem: string | undefined
  disabled?: boolean
  danger?: boolean
  onDo: () => void
}) {
  const t = useWords(words)
  return (
    <>
      {problem && (
        <p className="zc-problem" role="alert">
          {t('failed', { why: problem })}
        </p>
      )}
      <button
        type="button"
        className={`zc-btn big ${danger ? 'danger' : 'primary'}`}
        disabled={busy || disabled}
        onClick={onDo}
      >
        {busy ? t('sending') : label}
      </button>
    </>
  )
}

function Words({
  label,
  value,
  onChange,
  hint,
}: {
  label: string
  value: string
  onChange: (v: string) => void
  hint?: string
}) {
  return (
    <label className="zc-field-row">
      <span>{label}</span>
      <textarea
        className="zc-input"
        rows={3}
        maxLength={500}
        value={value}
        placeholder={hint}
        onChange={(e) => onChange(e.target.value)}
      />
    </label>
  )
}

type Reasoned = { cause: string | null; text: string }
const NO_REASON: Reasoned = { cause: null, text: '' }

/** Decline and pause: a reason as a chip, words where the chip does not say enough. */
function ReasonSheet({
  visit,
  onClose,
  kind,
  causes,
}: Props & { kind: 'decline' | 'pause'; causes: readonly (readonly [string, string])[] }) {
  const t = useWords(words)
  const me = useMe()
  const [draft, setDraft, clear] = useDraft<Reasoned>(`${me.id}.${kind}.${visit.id}`, NO_REASON)
  const { send, problem, busy } = useSend(visit, () => {
    clear()
    onClose()
  })
  const label = causes.find(([key]) => key === draft.cause)?.[1]
  const enough = draft.cause !== null && (draft.cause !== 'other' || draft.text.trim() !== '')
  return (
    <Sheet
      title={kind === 'decline' ? t('decline.title', { place: placeOf(visit) }) : t('pause.title')}
      onClose={onClose}
      foot={
        <Foot
          label={t(`${kind}.do`)}
          busy={busy}
          problem={problem}
          disabled={!enough}
          danger={kind === 'decline'}
          onDo={() =>
            void send(`visit.${kind}`, {
              reason: joinDetail([label, draft.text.trim()]),
              cause: draft.cause ?? undefined,
            })
          }
        />
      }
    >
      {kind === 'decline' && <p className="zc-note">{t('decline.note')}</p>}
      <Chips
        name={`${kind}-cause`}
        label={t(`${kind}.title`, { place: placeOf(visit) })}
        options={causes}
        value={draft.cause}
        onChange={(cause) => setDraft({ ...draft, cause })}
      />
      <Words
        label={t('words')}
        hint={t('words.hint')}
        value={draft.text}
        onChange={(text) => setDraft({ ...draft, text })}
      />
    </Sheet>
  )
}

function DeclineSheet(p: Props) {
  const t = useWords(words)
  const causes = (['conflict', 'far', 'skill', 'tools', 'health', 'other'] as const).map(
    (c) => [c, t(`decline.${c}`)] as const,
  )
  return <ReasonSheet {...p} kind="decline" causes={causes} />
}

function PauseSheet(p: Props) {
  const t = useWords(words)
  const causes = (['wait_customer', 'wait_parts', 'wait_support', 'power', 'break', 'other'] as const).map(
    (c) => [c, t(`pause.${c}`)] as const,
  )
  return <ReasonSheet {...p} kind="pause" causes={causes} />
}

function When({
  label,
  value,
  onChange,
  min,
}: {
  label: string
  value: string
  onChange: (v: string) => void
  min?: string
}) {
  return (
    <label className="zc-field-row">
      <span>{label}</span>
      <input
        className="zc-input"
        type="datetime-local"
        step={300}
        value={value}
        min={min}
        onChange={(e) => onChange(e.target.value)}
      />
    </label>
  )
}

type Channel = 'call' | 'message' | 'visit' | 'email' | 'other'

function AppointSheet({ visit, onClose }: Props) {
  const t = useWords(words)
  const me = useMe()
  const zone = visit.site?.zone ?? me.zone
  const f = useFormat(zone)
  const first = visit.appointment ?? visit.planned
  const [draft, setDraft, clear] = useDraft(`${me.id}.appoint.${visit.id}`, {
    start: toWall(first.start, zone),
    end: toWall(first.end ?? visit.planned.end, zone),
    channel: 'call' as Channel,
    askedBy: null as 'customer' | 'us' | null,
  })
  const { send, problem, busy } = useSend(visit, () => {
    clear()
    onClose()
  })
  const moved = draft.start !== toWall(visit.planned.start, zone)
  const ok = draft.start && draft.end && draft.end > draft.start && (!moved || draft.askedBy)
  return (
    <Sheet
      title={t('appoint.title')}
      onClose={onClose}
      foot={
        <Foot
          label={t('appoint.do')}
          busy={busy}
          problem={problem}
          disabled={!ok}
          onDo={() =>
            void send('visit.appoint', {
              start: fromWall(draft.start, zone),
              end: fromWall(draft.end, zone),
              channel: draft.channel,
              ...(visit.contact ? { contactId: visit.contact.id } : {}),
              ...(moved && draft.askedBy ? { askedBy: draft.askedBy } : {}),
            })
          }
        />
      }
    >
      {visit.contact && (
        <div className="zc-field-row">
          <span>{t('appoint.with')}</span>
          <div className="zc-with">
            <b className="zc-clip">{visit.contact.name}</b>
            {visit.contact.phone && (
              <a className="zc-btn" href={`tel:${visit.contact.phone}`} onClick={() => noteCall(visit)}>
                {t('call')} {visit.contact.phone}
              </a>
            )}
          </div>
        </div>
      )}
      <When
        label={t('appoint.start')}
        value={draft.start}
        onChange={(start) => {
          // The length of the visit stays when its beginning moves.
          const length = Date.parse(`${draft.end}Z`) - Date.parse(`${draft.start}Z`)
          const end =
            start && length > 0
              ? new Date(Date.parse(`${start.slice(0, 16)}:00Z`) + length).toISOString().slice(0, 16)
              : draft.end
          setDraft({ ...draft, start, end })
        }}
      />
      <When
        label={t('appoint.end')}
        value={draft.end}
        min={draft.start}
        onChange={(end) => setDraft({ ...draft, end })}
      />
      <Chips
        name="channel"
        label={t('appoint.how')}
        options={(['call', 'message', 'visit', 'email', 'other'] as const).map((c) => [c, t(`appoint.${c}`)] as const)}
        value={draft.channel}
        onChange={(channel) => setDraft({ ...draft, channel })}
      />
      {moved && (
        <>
          <Chips
            name="asked"
            label={t('appoint.moved', { planned: f.when(visit.planned.start) })}
            options={[
              ['customer', t('appoint.customer')],
              ['us', t('appoint.us')],
            ]}
            value={draft.askedBy}
            onChange={(askedBy) => setDraft({ ...draft, askedBy })}
          />
          <p className="zc-note">{t('appoint.promise')}</p>
        </>
      )}
    </Sheet>
  )
}

function RescheduleSheet({ visit, onClose }: Props) {
  const t = useWords(words)
  const me = useMe()
  const zone = visit.site?.zone ?? me.zone
  const [draft, setDraft, clear] = useDraft(`${me.id}.reschedule.${visit.id}`, {
    start: toWall(visit.planned.start, zone),
    end: toWall(visit.planned.end, zone),
    askedBy: null as 'customer' | 'us' | 'engineer' | null,
    reason: '',
  })
  const { send, problem, busy } = useSend(visit, () => {
    clear()
    onClose()
  })
  const ok = draft.start && draft.end > draft.start && draft.askedBy && draft.reason.trim()
  return (
    <Sheet
      title={t('reschedule.title')}
      onClose={onClose}
      foot={
        <Foot
          label={t('reschedule.do')}
          busy={busy}
          problem={problem}
          disabled={!ok}
          onDo={() =>
            draft.askedBy &&
            void send('visit.reschedule', {
              start: fromWall(draft.start, zone),
              end: fromWall(draft.end, zone),
              askedBy: draft.askedBy,
              reason: draft.reason.trim(),
            })
          }
        />
      }
    >
      <When label={t('appoint.start')} value={draft.start} onChange={(start) => setDraft({ ...draft, start })} />
      <When
        label={t('appoint.end')}
        value={draft.end}
        min={draft.start}
        onChange={(end) => setDraft({ ...draft, end })}
      />
      <Chips
        name="asked"
        label={t('reschedule.asked')}
        options={[
          ['customer', t('reschedule.customer')],
          ['engineer', t('reschedule.engineer')],
          ['us', t('reschedule.usFirm')],
        ]}
        value={draft.askedBy}
        onChange={(askedBy) => setDraft({ ...draft, askedBy })}
      />
      <p className="zc-note">{t('appoint.promise')}</p>
      <Words
        label={t('reschedule.why')}
        hint={t('words.hint')}
        value={draft.reason}
        onChange={(reason) => setDraft({ ...draft, reason })}
      />
    </Sheet>
  )
}

function AbortSheet({ visit, onClose }: Props) {
  const t = useWords(words)
  const me = useMe()
  const [draft, setDraft, clear] = useDraft(`${me.id}.abort.${visit.id}`, {
    cause: null as string | null,
    text: '',
    remaining: '',
  })
  const { send, problem, busy } = useSend(visit, () => {
    clear()
    onClose()
  })
  const causes = (['danger', 'refused', 'health', 'force', 'other'] as const).map((c) => [c, t(`abort.${c}`)] as const)
  const label = causes.find(([key]) => key === draft.cause)?.[1]
  return (
    <Sheet
      title={t('abort.title')}
      onClose={onClose}
      foot={
        <Foot
          label={t('abort.do')}
          busy={busy}
          problem={problem}
          disabled={!draft.cause || (draft.cause === 'other' && !draft.text.trim())}
          danger
          onDo={() =>
            void send('visit.abort', {
              reason: joinDetail([label, draft.text.trim()]),
              ...(draft.cause ? { cause: draft.cause } : {}),
              ...(draft.remaining.trim() ? { remaining: draft.remaining.trim() } : {}),
            })
          }
        />
      }
    >
      <p className="zc-note">{t('abort.consequence')}</p>
      <Chips
        name="abort-cause"
        label={t('abort.title')}
        options={causes}
        value={draft.cause}
        onChange={(cause) => setDraft({ ...draft, cause })}
      />
      <Words
        label={t('words')}
        hint={t('words.hint')}
        value={draft.text}
        onChange={(text) => setDraft({ ...draft, text })}
      />
      <Words
        label={t('abort.remaining')}
        value={draft.remaining}
        onChange={(remaining) => setDraft({ ...draft, remaining })}
      />
    </Sheet>
  )
}

function ConfirmSheet({ visit, onClose }: Props) {
  const t = useWords(words)
  const [by, setBy] = useState<'code' | 'call'>('code')
  const [code, setCode] = useState('')
  const { send, problem, busy } = useSend(visit, onClose)
  return (
    <Sheet
      title={t('confirm.title')}
      onClose={onClose}
      foot={
        <Foot
          label={t('confirm.do')}
          busy={busy}
          problem={problem}
          disabled={by === 'code' && code.trim().length < 4}
          onDo={() =>
            void send('visit.confirm', {
              by,
              ...(by === 'code' ? { code: code.trim() } : {}),
              ...(visit.contact ? { contactId: visit.contact.id } : {}),
            })
          }
        />
      }
    >
      <Chips
        name="confirm-by"
        label={t('confirm.title')}
        options={[
          ['code', t('confirm.code')],
          ['call', t('confirm.call')],
        ]}
        value={by}
        onChange={setBy}
      />
      {by === 'code' ? (
        <label className="zc-field-row">
          <span>{t('confirm.codeLabel')}</span>
          <input
            className="zc-input code"
            inputMode="numeric"
            autoComplete="off"
            maxLength={20}
            value={code}
            placeholder={t('confirm.codeHint')}
            onChange={(e) => setCode(e.target.value)}
          />
        </label>
      ) : (
        visit.contact && (
          <div className="zc-with">
            <b className="zc-clip">{visit.contact.name}</b>
            {visit.contact.phone && (
              <a className="zc-btn" href={`tel:${visit.contact.phone}`} onClick={() => noteCall(visit)}>
                {t('call')} {visit.contact.phone}
              </a>
            )}
          </div>
        )
      )}
    </Sheet>
  )
}

/** Against a grade C or D; the last check-in of the visit is the one that stands. */
export function AppealSheet({ visit, checkInId, onClose }: Props & { checkInId: string }) {
  const t = useWords(words)
  const me = useMe()
  const [text, setText, clear] = useDraft(`${me.id}.appeal.${checkInId}`, '')
  const [mine, setMine] = useDraft<string[]>(`${me.id}.appeal.photos.${checkInId}`, [])
  const { photos, add, declared } = usePhotos(visit)
  const run = useAct()
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const appeal = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const { photoIds, commandIds } = await declared(mine)
      await run('visit.appeal', visit.id, { checkInId, reason: text.trim(), photoIds }, { after: commandIds })
      clear()
      setMine([])
      onClose()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Sheet
      title={t('appeal.title')}
      onClose={onClose}
      foot={
        <Foot label={t('appeal.do')} busy={busy} problem={problem} disabled={!text.trim()} onDo={() => void appeal()} />
      }
    >
      <Words label={t('words')} hint={t('words.hint')} value={text} onChange={setText} />
      <div className="zc-tiles">
        {photos
          .filter((p) => mine.includes(p.id))
          .map((p) => (
            <LocalTile key={p.id} photo={p} />
          ))}
      </div>
      <PhotoButtons
        onAdd={(files, fromCamera) => void add(files, fromCamera).then((ids) => setMine([...mine, ...ids]))}
      />
    </Sheet>
  )
}

const SHEETS = {
  decline: DeclineSheet,
  appoint: AppointSheet,
  reschedule: RescheduleSheet,
  pause: PauseSheet,
  abort: AbortSheet,
  confirm: ConfirmSheet,
}
export type VisitSheet = keyof typeof SHEETS

export function SheetOf({ which, ...props }: Props & { which: VisitSheet }) {
  const One = SHEETS[which]
  return <One {...props} />
}
