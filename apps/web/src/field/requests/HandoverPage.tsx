import { useMemo } from 'react'
import { newId } from '../../common/api/call'
import { useDraft } from '../../common/draft'
import { useWords } from '../../common/i18n/words'
import { useOpenItem } from '../../common/request.items'
import { useMe } from '../../common/session'
import { useAct, useRows } from '../../offline'
import type { VisitFull } from '../../offline/visits'
import { navigate, usePageParams } from '../router'
import { ActionBar } from '../shell/Shell'
import { useDocuments } from '../visit/data'
import { Field, OfVisit, PickColleague, useSaid } from './form'
import { words } from './words'

/** What the phone knows to be open; the server looks again when it is told. */
function useOpenWork(visit: VisitFull) {
  const documents = useDocuments(visit.id).data?.rows
  const requests = useRows('request')
  const escalations = useRows('escalation')
  return useMemo(
    () => [
      ...(visit.remaining ? [{ code: 'remaining', params: { text: visit.remaining } }] : []),
      ...(visit.appointment && !visit.arrivedAt
        ? [{ code: 'appointment', params: { start: visit.appointment.start } }]
        : []),
      ...(documents ?? [])
        .filter((d) => d.missing > 0)
        .map((d) => ({ code: 'document', params: { zh: d.title.zh, en: d.title.en, missing: d.missing } })),
      ...requests
        .filter((r) => r.visitId === visit.id && (r.state === 'open' || r.state === 'accepted'))
        .map((r) => ({ code: 'request', params: { kind: r.kind, text: r.reason } })),
      ...escalations
        .filter((e) => e.orderId === visit.orderId && e.state !== 'closed')
        .map((e) => ({ code: 'escalation', params: { number: e.number, text: e.title } })),
    ],
    [visit, documents, requests, escalations],
  )
}

function Form({ visit }: { visit: VisitFull }) {
  const t = useWords(words)
  const me = useMe()
  const say = useOpenItem(visit.site?.zone ?? me.zone)
  const act = useAct()
  const said = useSaid()
  const items = useOpenWork(visit)
  const colleagues = useRows('colleague')
  const [draft, setDraft, clear] = useDraft(`${me.id}.handover.${visit.id}`, {
    toId: null as string | null,
    reason: '',
    remaining: '',
    keys: '',
    promises: '',
  })
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change })
  const running = ['on_site', 'working', 'paused'].includes(visit.state)
  const to = colleagues.find((c) => c.id === draft.toId)
  const ready = to && draft.reason.trim() && (!running || draft.remaining.trim())
  const send = async () => {
    if (!to) return
    await act('handover.offer', visit.id, {
      id: newId(),
      toId: to.id,
      reason: draft.reason.trim(),
      ...(draft.remaining.trim() ? { remaining: draft.remaining.trim() } : {}),
      ...(draft.keys.trim() ? { keys: draft.keys.trim() } : {}),
      ...(draft.promises.trim() ? { promises: draft.promises.trim() } : {}),
    })
    clear()
    said()
    navigate('/m/requests', { replace: true })
  }
  return (
    <>
      <div className="zc-visit">
        <p className="zc-note">{t(running ? 'handover.note.running' : 'handover.note.before')}</p>
        <section className="zc-part">
          <PickColleague label={t('handover.to')} value={draft.toId} onChange={(toId) => set({ toId })} />
          <Field
            label={t('handover.reason')}
            hint={t('handover.reason.hint')}
            rows={2}
            value={draft.reason}
            onChange={(reason) => set({ reason })}
          />
        </section>
        <section className="zc-part">
          <header>
            <h2>{t('handover.open')}</h2>
          </header>
          {items.length > 0 ? (
            <ul className="zc-lines">
              {items.map((i) => (
                <li key={JSON.stringify(i)}>{say(i)}</li>
              ))}
            </ul>
          ) : (
            <p className="zc-note">{t('handover.open.none')}</p>
          )}
          <Field
            label={t('handover.remaining')}
            hint={t('handover.remaining.hint')}
            max={4000}
            value={draft.remaining}
            onChange={(remaining) => set({ remaining })}
          />
          <Field
            label={t('handover.keys')}
            hint={t('handover.keys.hint')}
            rows={2}
            value={draft.keys}
            onChange={(keys) => set({ keys })}
          />
          <Field
            label={t('handover.promises')}
            hint={t('handover.promises.hint')}
            rows={2}
            max={1000}
            value={draft.promises}
            onChange={(promises) => set({ promises })}
          />
        </section>
      </div>
      <ActionBar>
        <button type="button" className="zc-btn primary big" disabled={!ready} onClick={() => void send()}>
          {to ? t('handover.do', { name: to.name }) : t('handover.choose')}
        </button>
      </ActionBar>
    </>
  )
}

/** Hand a visit to a colleague: the facts say what is open, the words say the rest. */
export default function HandoverPage() {
  const t = useWords(words)
  const { id = '' } = usePageParams('/m/requests/handover/:id')
  return (
    <OfVisit id={id} title={t('handover.title')}>
      {(visit) => <Form visit={visit} />}
    </OfVisit>
  )
}
