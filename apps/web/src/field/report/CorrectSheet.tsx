import { useState } from 'react'
import { newId } from '../../common/api/call'
import { useDraft } from '../../common/draft'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { KINDS, type TimeKind, useSay } from '../../common/report/say'
import { useMe } from '../../common/session'
import { toast } from '../../common/toast'
import { useAct } from '../../offline'
import { Link } from '../router'
import { Chips, Sheet } from '../visit/Sheet'
import { fromWall, toWall } from '../zone'
import { words } from './words'

const REASONS = ['depart', 'office', 'wait', 'meal'] as const
const LIKELY: Record<(typeof REASONS)[number], TimeKind> = {
  depart: 'travel',
  office: 'documentation',
  wait: 'standby',
  meal: 'break',
}

/** What a stretch of time was instead: kind, from, to, and why. A gap comes with its bounds. */
export function CorrectSheet({
  date,
  zone,
  from,
  to,
  was,
  visitId,
  onClose,
}: {
  date: string
  zone: string
  from: number
  to: number
  /** What the record says now; none: a gap. */
  was: TimeKind | null
  visitId: string | null
  onClose: () => void
}) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(zone)
  const { kind: nameOf } = useSay(zone)
  const run = useAct()
  const [draft, setDraft, clear] = useDraft<{
    kind: TimeKind | 'none' | null
    from: string
    to: string
    reason: string
  }>(`${me.id}.correct.${date}.${from}`, {
    kind: was,
    from: toWall(from, zone).slice(11),
    to: toWall(to, zone).slice(11),
    reason: '',
  })
  const [problem, setProblem] = useState('')
  const at = (clock: string) => Date.parse(fromWall(`${date}T${clock}`, zone))
  const start = at(draft.from)
  const end = at(draft.to)
  const valid = Number.isFinite(start) && Number.isFinite(end) && end > start && end <= Date.now() + 5 * 60_000
  const ready = draft.kind !== null && draft.reason.trim() !== '' && valid
  const save = async () => {
    if (!ready) return
    try {
      await run('time.correct', me.id, {
        id: newId(),
        date,
        from: new Date(start).toISOString(),
        to: new Date(end).toISOString(),
        kind: draft.kind === 'none' ? null : draft.kind,
        visitId,
        reason: draft.reason.trim(),
      })
      clear()
      toast(t('correct.saved'))
      onClose()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Sheet
      title={t(was ? 'correct.entry' : 'correct.gap')}
      onClose={onClose}
      foot={
        <>
          {problem && (
            <p className="zc-problem" role="alert">
              {problem}
            </p>
          )}
          <button type="button" className="zc-btn primary big" disabled={!ready} onClick={() => void save()}>
            {t('correct.save')}
          </button>
        </>
      }
    >
      {was && (
        <p className="zc-note">
          {t('source.was', { kind: nameOf(was), span: `${f.time(from)}–${f.time(to)}` })}
          {visitId && (
            <>
              {' · '}
              <Link to={`/m/visits/${visitId}`}>{t('source.visit')}</Link>
            </>
          )}
        </p>
      )}
      <Chips
        name="kind"
        label={t('kind')}
        options={[...KINDS.map((k) => [k, nameOf(k)] as const), ['none', t('none')] as const]}
        value={draft.kind}
        onChange={(kind) => setDraft({ ...draft, kind })}
      />
      <div className="zc-fromto">
        <label className="zc-field-row">
          <span>{t('from')}</span>
          <input
            className="zc-input"
            type="time"
            value={draft.from}
            onChange={(e) => setDraft({ ...draft, from: e.target.value })}
          />
        </label>
        <label className="zc-field-row">
          <span>{t('to')}</span>
          <input
            className="zc-input"
            type="time"
            value={draft.to}
            onChange={(e) => setDraft({ ...draft, to: e.target.value })}
          />
        </label>
      </div>
      {!valid && <p className="zc-problem">{t('correct.bad')}</p>}
      <label className="zc-field-row">
        <span>{t('reason')}</span>
        <textarea
          className="zc-input"
          rows={2}
          maxLength={500}
          placeholder={t('reason.hint')}
          value={draft.reason}
          onChange={(e) => setDraft({ ...draft, reason: e.target.value })}
        />
      </label>
      <div className="zc-quick">
        {REASONS.map((r) => (
          <button
            key={r}
            type="button"
            className="zc-btn"
            onClick={() => setDraft({ ...draft, reason: t(`reason.${r}`), kind: draft.kind ?? LIKELY[r] })}
          >
            {t(`reason.${r}`)}
          </button>
        ))}
      </div>
    </Sheet>
  )
}
