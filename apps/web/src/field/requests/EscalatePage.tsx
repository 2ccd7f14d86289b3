import { useRef } from 'react'
import { newId } from '../../common/api/call'
import { useDraft } from '../../common/draft'
import { useWords } from '../../common/i18n/words'
import { requestWords } from '../../common/request.words'
import { useMe } from '../../common/session'
import { useAct } from '../../offline'
import type { VisitFull } from '../../offline/visits'
import { navigate, usePageParams } from '../router'
import { ActionBar } from '../shell/Shell'
import { Chips } from '../visit/Sheet'
import { Field, OfVisit, Photos, useSaid } from './form'
import { words } from './words'

const TO = ['product', 'rnd', 'after_sales'] as const
const PRIORITIES = ['urgent', 'high', 'normal', 'low'] as const
const AGAIN = ['always', 'sometimes', 'once', 'unknown'] as const
const maxLogs = 20_000

function Form({ visit }: { visit: VisitFull }) {
  const t = useWords(words)
  const w = useWords(requestWords)
  const me = useMe()
  const act = useAct()
  const said = useSaid()
  const file = useRef<HTMLInputElement>(null)
  const [draft, setDraft, clear] = useDraft(`${me.id}.escalate.${visit.id}`, {
    to: null as (typeof TO)[number] | null,
    priority: 'normal' as (typeof PRIORITIES)[number],
    title: '',
    symptom: '',
    steps: '',
    again: 'unknown' as (typeof AGAIN)[number],
    // What the phone knows need not be typed.
    environment: [visit.asset?.name, visit.asset?.model, visit.asset?.serial].filter(Boolean).join(' · '),
    logs: '',
    photoIds: [] as string[],
  })
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change })
  const send = async () => {
    if (!draft.to) return
    await act('escalation.raise', visit.orderId, {
      id: newId(),
      to: draft.to,
      priority: draft.priority,
      title: draft.title.trim(),
      symptom: draft.symptom.trim(),
      reproducible: draft.again,
      visitId: visit.id,
      photoIds: draft.photoIds,
      ...(draft.steps.trim() ? { steps: draft.steps.trim() } : {}),
      ...(draft.environment.trim() ? { environment: draft.environment.trim() } : {}),
      ...(draft.logs.trim() ? { logs: draft.logs.trim() } : {}),
    })
    clear()
    said()
    navigate('/m/requests', { replace: true })
  }
  return (
    <>
      <div className="zc-visit">
        <section className="zc-part">
          <Chips
            name="to"
            label={t('escalate.to')}
            options={TO.map((k) => [k, w(`to.${k}`)] as const)}
            value={draft.to}
            onChange={(to) => set({ to })}
          />
          <Chips
            name="priority"
            label={t('escalate.priority')}
            options={PRIORITIES.map((k) => [k, t(`priority.${k}`)] as const)}
            value={draft.priority}
            onChange={(priority) => set({ priority })}
          />
        </section>
        <section className="zc-part">
          <Field
            label={t('escalate.name')}
            hint={t('escalate.name.hint')}
            rows={1}
            max={200}
            value={draft.title}
            onChange={(title) => set({ title })}
          />
          <Field
            label={t('escalate.symptom')}
            hint={t('escalate.symptom.hint')}
            max={4000}
            value={draft.symptom}
            onChange={(symptom) => set({ symptom })}
          />
          <Chips
            name="again"
            label={t('escalate.again')}
            options={AGAIN.map((k) => [k, w(`again.${k}`)] as const)}
            value={draft.again}
            onChange={(again) => set({ again })}
          />
          <Field
            label={t('escalate.steps')}
            hint={t('escalate.steps.hint')}
            max={4000}
            value={draft.steps}
            onChange={(steps) => set({ steps })}
          />
          <Field
            label={t('escalate.environment')}
            hint={t('escalate.environment.hint')}
            rows={2}
            max={2000}
            value={draft.environment}
            onChange={(environment) => set({ environment })}
          />
          <Field label={t('escalate.logs')} value={draft.logs} max={maxLogs} onChange={(logs) => set({ logs })} />
          <input
            ref={file}
            type="file"
            accept=".log,.txt,text/*"
            hidden
            onChange={async (e) => {
              const chosen = e.target.files?.[0]
              e.target.value = ''
              // The end of a log tells what happened; its beginning is yesterday.
              if (chosen) set({ logs: (await chosen.slice(Math.max(0, chosen.size - maxLogs)).text()).slice(-maxLogs) })
            }}
          />
          <button type="button" className="zc-btn" onClick={() => file.current?.click()}>
            {t('escalate.logs.file')}
          </button>
        </section>
        {visit.can.addEvidence && (
          <Photos visit={visit} ids={draft.photoIds} onChange={(photoIds) => set({ photoIds })} />
        )}
      </div>
      <ActionBar>
        <button
          type="button"
          className="zc-btn primary big"
          disabled={!draft.to || !draft.title.trim() || !draft.symptom.trim()}
          onClick={() => void send()}
        >
          {t('escalate.do')}
        </button>
      </ActionBar>
    </>
  )
}

/** What the site cannot solve, with what is needed to see it happen elsewhere. */
export default function EscalatePage() {
  const t = useWords(words)
  const { id = '' } = usePageParams('/m/requests/escalate/:id')
  return (
    <OfVisit id={id} title={t('escalate.title')}>
      {(visit) => <Form visit={visit} />}
    </OfVisit>
  )
}
