import { Plus, Trash2 } from 'lucide-react'
import { newId } from '../../common/api/call'
import { useDraft } from '../../common/draft'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { requestWords } from '../../common/request.words'
import { useMe } from '../../common/session'
import { useAct, useRows } from '../../offline'
import type { VisitFull } from '../../offline/visits'
import { navigate, usePageParams } from '../router'
import { ActionBar } from '../shell/Shell'
import { Chips } from '../visit/Sheet'
import { fromWall, toWall } from '../zone'
import { Field, OfVisit, Photos, PickColleague, useSaid } from './form'
import { words } from './words'

const KINDS = ['help', 'parts', 'colleague', 'time'] as const
type Kind = (typeof KINDS)[number]
type Line = { name: string; quantity: number }

function Form({ visit }: { visit: VisitFull }) {
  const t = useWords(words)
  const r = useWords(requestWords)
  const me = useMe()
  const zone = visit.site?.zone ?? me.zone
  const f = useFormat(zone)
  const act = useAct()
  const said = useSaid()
  const colleagues = useRows('colleague')
  const asked = new URLSearchParams(location.search).get('kind')
  const [draft, setDraft, clear] = useDraft(`${me.id}.ask.${visit.id}`, {
    kind: (KINDS.find((k) => k === asked) ?? 'help') as Kind,
    reason: '',
    urgent: false,
    skill: '',
    helperId: null as string | null,
    parts: [{ name: '', quantity: 1 }] as Line[],
    until: toWall(new Date(Date.parse(visit.planned.end) + 3_600_000).toISOString(), zone),
    photoIds: [] as string[],
  })
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change })
  const { kind } = draft
  const parts = draft.parts.filter((p) => p.name.trim() !== '')
  const until = draft.until ? fromWall(draft.until, zone) : ''
  const ready =
    draft.reason.trim() !== '' &&
    (kind !== 'parts' || parts.length > 0) &&
    (kind !== 'time' || (until !== '' && until > visit.planned.end))
  // Skills that somebody here has: nobody is asked for what nobody knows.
  const skills = [...new Map(colleagues.flatMap((c) => c.skills.map((s) => [s.code, s.name] as const)))].sort((a, b) =>
    a[1].localeCompare(b[1], 'zh'),
  )
  const send = async () => {
    await act('request.ask', visit.id, {
      id: newId(),
      kind,
      urgency: draft.urgent ? 'urgent' : 'normal',
      reason: draft.reason.trim(),
      ...(kind === 'help' && draft.skill ? { skill: draft.skill } : {}),
      ...(kind === 'help' && draft.helperId ? { helperId: draft.helperId } : {}),
      ...(kind === 'parts' ? { parts: parts.map((p) => ({ name: p.name.trim(), quantity: p.quantity })) } : {}),
      ...(kind === 'time' ? { until } : {}),
      photoIds: draft.photoIds,
    })
    clear()
    said()
    navigate(`/m/visits/${visit.id}`, { replace: true })
  }
  return (
    <>
      <div className="zc-visit">
        <section className="zc-part">
          <Chips
            name="kind"
            label={t('ask.kind')}
            options={KINDS.map((k) => [k, r(`kind.${k}`)] as const)}
            value={kind}
            onChange={(next) => set({ kind: next })}
          />
          {kind === 'parts' &&
            draft.parts.map((line, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name of its own before it is typed.
              <div key={i} className="zc-partline">
                <label className="zc-field-row">
                  <span>{t('ask.part')}</span>
                  <input
                    className="zc-input"
                    maxLength={120}
                    placeholder={t('ask.part.hint')}
                    value={line.name}
                    onChange={(e) =>
                      set({ parts: draft.parts.map((p, at) => (at === i ? { ...p, name: e.target.value } : p)) })
                    }
                  />
                </label>
                <label className="zc-field-row">
                  <span>{t('ask.quantity')}</span>
                  <input
                    className="zc-input"
                    type="number"
                    inputMode="numeric"
                    min={1}
                    max={9999}
                    value={line.quantity}
                    onChange={(e) => {
                      const quantity = Math.max(1, Math.min(9999, Math.round(Number(e.target.value) || 1)))
                      set({ parts: draft.parts.map((p, at) => (at === i ? { ...p, quantity } : p)) })
                    }}
                  />
                </label>
                <button
                  type="button"
                  className="zc-btn quiet icon"
                  aria-label={t('ask.part.drop')}
                  disabled={draft.parts.length === 1}
                  onClick={() => set({ parts: draft.parts.filter((_, at) => at !== i) })}
                >
                  <Trash2 className="zc-icon" size={20} />
                </button>
              </div>
            ))}
          {kind === 'parts' && draft.parts.length < 30 && (
            <button
              type="button"
              className="zc-btn"
              onClick={() => set({ parts: [...draft.parts, { name: '', quantity: 1 }] })}
            >
              <Plus className="zc-icon" size={20} aria-hidden /> {t('ask.part.add')}
            </button>
          )}
          {kind === 'time' && (
            <label className="zc-field-row">
              <span>{t('ask.until')}</span>
              <input
                className="zc-input"
                type="datetime-local"
                step={300}
                min={toWall(visit.planned.end, zone)}
                value={draft.until}
                onChange={(e) => set({ until: e.target.value })}
              />
              <small className="zc-note">{t('ask.until.was', { when: f.when(visit.planned.end) })}</small>
            </label>
          )}
          <Field
            label={t(`ask.${kind}.reason`)}
            hint={t(`ask.${kind}.hint`)}
            value={draft.reason}
            onChange={(reason) => set({ reason })}
          />
          {kind === 'help' && skills.length > 0 && (
            <label className="zc-field-row">
              <span>{t('ask.skill')}</span>
              <select className="zc-input" value={draft.skill} onChange={(e) => set({ skill: e.target.value })}>
                <option value="">{t('ask.skill.any')}</option>
                {skills.map(([code, name]) => (
                  <option key={code} value={code}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          )}
          {kind === 'help' && (
            <PickColleague label={t('ask.helper')} value={draft.helperId} onChange={(helperId) => set({ helperId })} />
          )}
          <label className="zc-tick">
            <input type="checkbox" checked={draft.urgent} onChange={(e) => set({ urgent: e.target.checked })} />
            {t('ask.urgent')}
          </label>
        </section>
        {visit.can.addEvidence && (
          <Photos visit={visit} ids={draft.photoIds} onChange={(photoIds) => set({ photoIds })} />
        )}
      </div>
      <ActionBar>
        <button type="button" className="zc-btn primary big" disabled={!ready} onClick={() => void send()}>
          {t(`ask.do.${kind}`)}
        </button>
      </ActionBar>
    </>
  )
}

/** Ask for help, parts, a colleague or more time; taken with or without a network. */
export default function AskPage() {
  const t = useWords(words)
  const { id = '' } = usePageParams('/m/requests/new/:id')
  return (
    <OfVisit id={id} title={t('ask.title')}>
      {(visit) => <Form visit={visit} />}
    </OfVisit>
  )
}
