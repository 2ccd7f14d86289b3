import { newId } from '../../common/api/call'
import { useDraft } from '../../common/draft'
import { useWords } from '../../common/i18n/words'
import { orderWords } from '../../common/order.words'
import { useMe } from '../../common/session'
import { useAct } from '../../offline'
import type { VisitFull } from '../../offline/visits'
import { navigate, usePageParams } from '../router'
import { ActionBar } from '../shell/Shell'
import { Chips } from '../visit/Sheet'
import { Field, OfVisit, Photos, useSaid } from './form'
import { words } from './words'

const TYPES = ['repair', 'install', 'inspect', 'upgrade', 'train', 'survey', 'other'] as const
const PRIORITIES = ['urgent', 'high', 'normal', 'low'] as const
const MINUTES = ['15', '30', '60', '120'] as const

function Form({ visit }: { visit: VisitFull }) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const me = useMe()
  const act = useAct()
  const said = useSaid()
  const [draft, setDraft, clear] = useDraft(`${me.id}.report.${visit.id}`, {
    title: '',
    text: '',
    type: 'repair' as (typeof TYPES)[number],
    priority: 'normal' as (typeof PRIORITIES)[number],
    asset: false,
    now: false,
    minutes: '30' as (typeof MINUTES)[number],
    photoIds: [] as string[],
  })
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change })
  const here = ['on_site', 'working', 'paused'].includes(visit.state) && visit.mode === 'onsite'
  const send = async () => {
    await act('order.report', visit.id, {
      id: newId(),
      title: draft.title.trim(),
      ...(draft.text.trim() ? { text: draft.text.trim() } : {}),
      type: draft.type,
      priority: draft.priority,
      assetId: draft.asset && visit.asset ? visit.asset.id : null,
      photoIds: draft.photoIds,
      ...(here && draft.now ? { doNow: { durationMin: Number(draft.minutes) } } : {}),
    })
    clear()
    said()
    navigate('/m/requests', { replace: true })
  }
  return (
    <>
      <div className="zc-visit">
        <p className="zc-note">{t('report.note', { customer: visit.customer.name })}</p>
        <section className="zc-part">
          <Field
            label={t('report.name')}
            hint={t('report.name.hint')}
            rows={1}
            max={200}
            value={draft.title}
            onChange={(title) => set({ title })}
          />
          <Field label={t('report.text')} value={draft.text} max={4000} onChange={(text) => set({ text })} />
          {visit.asset && (
            <label className="zc-tick">
              <input type="checkbox" checked={draft.asset} onChange={(e) => set({ asset: e.target.checked })} />
              {t('report.asset', { name: visit.asset.name })}
            </label>
          )}
          <Chips
            name="type"
            label={t('report.type')}
            options={TYPES.map((k) => [k, o(`type.${k}`)] as const)}
            value={draft.type}
            onChange={(type) => set({ type })}
          />
          <Chips
            name="priority"
            label={t('report.priority')}
            options={PRIORITIES.map((k) => [k, o(`priority.${k}`)] as const)}
            value={draft.priority}
            onChange={(priority) => set({ priority })}
          />
        </section>
        {here && (
          <section className="zc-part">
            <label className="zc-tick">
              <input type="checkbox" checked={draft.now} onChange={(e) => set({ now: e.target.checked })} />
              {t('report.now')}
            </label>
            {draft.now && (
              <>
                <p className="zc-note">{t('report.now.note')}</p>
                <Chips
                  name="minutes"
                  label={t('report.minutes')}
                  options={MINUTES.map((n) => [n, t('minutes', { n })] as const)}
                  value={draft.minutes}
                  onChange={(minutes) => set({ minutes })}
                />
              </>
            )}
          </section>
        )}
        {visit.can.addEvidence && (
          <Photos visit={visit} ids={draft.photoIds} onChange={(photoIds) => set({ photoIds })} />
        )}
      </div>
      <ActionBar>
        <button type="button" className="zc-btn primary big" disabled={!draft.title.trim()} onClick={() => void send()}>
          {t(here && draft.now ? 'report.do.now' : 'report.do')}
        </button>
      </ActionBar>
    </>
  )
}

/** A problem seen on the site becomes an order; customer, site and contact are the visit's. */
export default function ReportPage() {
  const t = useWords(words)
  const { id = '' } = usePageParams('/m/requests/report/:id')
  return (
    <OfVisit id={id} title={t('report.title')}>
      {(visit) => <Form visit={visit} />}
    </OfVisit>
  )
}
