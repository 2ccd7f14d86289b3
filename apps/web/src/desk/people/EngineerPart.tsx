import { useQueryClient } from '@tanstack/react-query'
import { Select } from 'antd'
import { Award, Plus, X } from 'lucide-react'
import { useState } from 'react'
import type { Reply } from '../../common/api/call'
import { useCall, useCommand } from '../../common/api/query'
import { useConfirm } from '../../common/Confirm'
import { useDraft } from '../../common/draft'
import { dayOf } from '../../common/gantt'
import { localDate, useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { Facts, Section } from '../../common/PageHeader'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { Field, FormDialog } from '../FormDialog'
import { PlaceLink } from '../PlaceLink'
import '../rows.css'
import './people.css'
import { instantOf, wallTime } from '../../common/i18n/wallTime'
import { words } from './words'

type Engineer = Reply<'GET /api/engineers/:id'>
type Absence = Engineer['absences'][number]
type Props = { engineer: Engineer; onClose: () => void; onDone: (e: Engineer) => void }

/** What makes a person an engineer: load, shift, skills, certificates, absences; each changed where it stands. */
export function EngineerPart({ id }: { id: string }) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const client = useQueryClient()
  const { confirm, dialog } = useConfirm()
  const [verb, setVerb] = useState<'skills' | 'cert' | 'shift' | 'absence' | null>(null)
  const [cancelling, setCancelling] = useState<Absence | null>(null)
  const engineer = useCall(
    'GET /api/engineers/:id',
    { params: { id } },
    { watch: [{ aggregate: 'engineer', id }, 'absence'] },
  )
  const remove = useCommand('DELETE /api/engineers/:id/certificates/:certificateId')
  if (engineer.isError && !engineer.data)
    return <ErrorState error={engineer.error} onRetry={() => void engineer.refetch()} />
  if (!engineer.data) return <Loading lines={4} />
  const e = engineer.data
  const take = (next: Engineer) => {
    client.setQueryData(['GET /api/engineers/:id', { params: { id } }], next)
    void client.invalidateQueries({ queryKey: ['GET /api/engineers'] })
  }
  const close = () => setVerb(null)
  const today = localDate(Date.now(), me.zone)
  const load = (percent: number | null, booked: number, capacity: number) =>
    percent === null
      ? t('e.load.none')
      : t('e.load', { percent, booked: f.duration(booked), capacity: f.duration(capacity) })
  const absences = e.absences.filter((a) => Date.parse(a.to) > Date.now() - 30 * 86_400_000)
  const expiry = (c: Engineer['certificates'][number]) => {
    if (!c.expiresOn) return { meaning: 'green' as const, text: t('cert.forever') }
    const date = f.localSpan(c.expiresOn, c.expiresOn)
    if (c.expired) return { meaning: 'red' as const, text: t('cert.expired', { date }) }
    if (dayOf(c.expiresOn) - dayOf(today) <= 60) return { meaning: 'amber' as const, text: t('cert.soon', { date }) }
    return { meaning: 'green' as const, text: t('cert.until', { date }) }
  }
  return (
    <>
      <Section
        title={t('sec.engineer')}
        actions={
          <>
            <PlaceLink to={`/metrics?who=person:${id}`} quiet>
              {t('metrics')}
            </PlaceLink>
            {e.can.edit && (
              <button type="button" className="zc-btn quiet" onClick={() => setVerb('shift')}>
                {t('shift.edit')}
              </button>
            )}
          </>
        }
      >
        {e.away && (
          <p style={{ marginBottom: 8 }}>
            <Tag meaning="amber">{t(`e.away.${e.away.kind}`, { to: f.when(e.away.to) })}</Tag>
          </p>
        )}
        <Facts
          rows={[
            [t('e.load.today'), load(e.load.todayPercent, e.load.todayMin, e.load.todayCapacityMin)],
            [t('e.load.week'), load(e.load.weekPercent, e.load.weekMin, e.load.weekCapacityMin)],
            [t('e.shift'), e.shiftName ?? t('e.shift.none')],
            [
              t('e.max'),
              t('e.max.value', { day: f.number(e.maxDayMin / 60, 1), week: f.number(e.maxWeekMin / 60, 1) }),
            ],
            ...(e.homeAddress ? [[t('e.home'), e.homeAddress] as [string, string]] : []),
          ]}
        />
      </Section>
      <Section
        title={t('sec.skills')}
        count={e.skills.length}
        actions={
          e.can.setSkills && (
            <button type="button" className="zc-btn quiet" onClick={() => setVerb('skills')}>
              {t('skills.edit')}
            </button>
          )
        }
      >
        {e.skills.length === 0 ? (
          <p className="zc-muted">{t('skills.none')}</p>
        ) : (
          <div className="zc-chips">
            {e.skills.map((s) => (
              <Tag key={s.code} meaning="grey">{`${s.name} · ${t('level', { n: s.level })}`}</Tag>
            ))}
          </div>
        )}
      </Section>
      <Section
        title={t('sec.certificates')}
        count={e.certificates.length}
        actions={
          e.can.setSkills && (
            <button type="button" className="zc-btn quiet" onClick={() => setVerb('cert')}>
              <Plus className="zc-icon" size={16} aria-hidden /> {t('cert.add')}
            </button>
          )
        }
      >
        {e.certificates.length === 0 ? (
          <p className="zc-muted">{t('cert.none')}</p>
        ) : (
          <ul className="zc-rows">
            {e.certificates.map((c) => {
              const { meaning, text } = expiry(c)
              return (
                <li key={c.id}>
                  <Award className="zc-icon" size={16} aria-hidden />
                  <span className="grow zc-clip">
                    {c.name} {c.number && <small>{c.number}</small>}
                  </span>
                  <Tag quiet meaning={meaning}>
                    {text}
                  </Tag>
                  {e.can.setSkills && (
                    <button
                      type="button"
                      className="zc-btn quiet"
                      onClick={async () => {
                        const yes = await confirm({
                          title: t('cert.remove.title', { name: c.name }),
                          consequence: t('cert.remove.text', { person: e.name }),
                          confirm: t('cert.remove.go'),
                          danger: true,
                        })
                        if (!yes) return
                        remove.mutate(
                          { params: { id, certificateId: c.id }, baseRev: e.rev },
                          {
                            onSuccess: (next) => {
                              take(next)
                              toast(t('done.certRemoved'))
                            },
                            onError: (error) => toast(error.title),
                          },
                        )
                      }}
                    >
                      {t('cert.remove')}
                    </button>
                  )}
                </li>
              )
            })}
          </ul>
        )}
      </Section>
      <Section
        title={t('sec.absences')}
        count={absences.filter((a) => !a.cancelled).length}
        actions={
          e.can.addAbsence && (
            <button type="button" className="zc-btn quiet" onClick={() => setVerb('absence')}>
              <Plus className="zc-icon" size={16} aria-hidden /> {t('abs.add')}
            </button>
          )
        }
      >
        {absences.length === 0 ? (
          <p className="zc-muted">{t('abs.none')}</p>
        ) : (
          <ul className="zc-rows">
            {absences.map((a) => (
              <li key={a.id} className={a.cancelled ? 'muted' : undefined}>
                <Tag quiet meaning={a.cancelled ? 'grey' : 'amber'}>
                  {a.cancelled ? t('abs.cancelled') : t(`abs.${a.kind}`)}
                </Tag>
                <span className="grow zc-clip">
                  {f.range(a.from, a.to)} {a.reason && <small>{a.reason}</small>}
                </span>
                {a.can.cancel && (
                  <button type="button" className="zc-btn quiet" onClick={() => setCancelling(a)}>
                    {t('abs.cancel')}
                  </button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Section>
      {verb === 'skills' && <Skills engineer={e} onClose={close} onDone={take} />}
      {verb === 'cert' && <Certificate engineer={e} onClose={close} onDone={take} />}
      {verb === 'shift' && <Shift engineer={e} onClose={close} onDone={take} />}
      {verb === 'absence' && (
        <AddAbsence engineer={e} onClose={close} onDone={() => void engineer.refetch()} zone={me.zone} />
      )}
      {cancelling && (
        <CancelAbsence
          absence={cancelling}
          onClose={() => setCancelling(null)}
          onDone={() => void engineer.refetch()}
        />
      )}
      {dialog}
    </>
  )
}

function Skills({ engineer, onClose, onDone }: Props) {
  const t = useWords(words)
  const catalogue = useCall('GET /api/skills')
  const [rev] = useState(engineer.rev)
  const [held, setHeld] = useState(engineer.skills.map(({ code, level }) => ({ code, level })))
  const run = useCommand('PUT /api/engineers/:id/skills')
  const all = catalogue.data?.skills ?? []
  const name = (code: string) =>
    all.find((s) => s.code === code)?.name ?? engineer.skills.find((s) => s.code === code)?.name ?? code
  const parents = new Set(all.map((s) => s.parentCode))
  const free = all.filter((s) => !s.retired && !parents.has(s.code) && !held.some((h) => h.code === s.code))
  return (
    <FormDialog
      title={t('skills.title', { name: engineer.name })}
      submit={t('skills.save')}
      cancel={t('cancel')}
      busy={run.isPending}
      error={run.error}
      onClose={onClose}
      onSubmit={() =>
        run.mutate(
          { params: { id: engineer.id }, body: { skills: held }, baseRev: rev },
          {
            onSuccess: (next) => {
              onDone(next)
              toast(t('done.skills'))
              onClose()
            },
          },
        )
      }
    >
      <div className="zc-grants">
        {held.map((h) => (
          <div key={h.code} className="skill">
            <span style={{ alignSelf: 'center' }}>{name(h.code)}</span>
            <Select
              aria-label={t('skills.level', { name: name(h.code) })}
              value={h.level}
              options={[1, 2, 3, 4, 5].map((n) => ({ value: n, label: t('level', { n }) }))}
              onChange={(level: number) => setHeld(held.map((one) => (one.code === h.code ? { ...one, level } : one)))}
            />
            <button
              type="button"
              className="zc-btn quiet icon"
              aria-label={t('skills.remove', { name: name(h.code) })}
              onClick={() => setHeld(held.filter((one) => one.code !== h.code))}
            >
              <X className="zc-icon" size={16} />
            </button>
          </div>
        ))}
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t('skills.add')}
          placeholder={t('skills.add')}
          value={null}
          options={free.map((s) => ({ value: s.code, label: s.name }))}
          onChange={(code: string | null) => code && setHeld([...held, { code, level: 3 }])}
        />
      </div>
    </FormDialog>
  )
}

function Certificate({ engineer, onClose, onDone }: Props) {
  const t = useWords(words)
  const me = useMe()
  const catalogue = useCall('GET /api/skills')
  const [draft, setDraft, clear] = useDraft(`${me.id}.certificate.${engineer.id}`, {
    kind: '',
    number: '',
    issuedOn: '',
    expiresOn: '',
  })
  const run = useCommand('POST /api/engineers/:id/certificates')
  return (
    <FormDialog
      title={t('cert.title', { name: engineer.name })}
      submit={t('cert.add')}
      cancel={t('cancel')}
      busy={run.isPending}
      error={run.error}
      ready={!!draft.kind}
      onClose={onClose}
      onSubmit={() =>
        run.mutate(
          {
            params: { id: engineer.id },
            body: {
              kind: draft.kind,
              number: draft.number.trim() || null,
              issuedOn: draft.issuedOn || null,
              expiresOn: draft.expiresOn || null,
            },
            baseRev: engineer.rev,
          },
          {
            onSuccess: (next) => {
              clear()
              onDone(next)
              toast(t('done.cert'))
              onClose()
            },
          },
        )
      }
    >
      <Field label={t('cert.kind')}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          value={draft.kind || undefined}
          options={(catalogue.data?.certificateKinds ?? []).map((k) => ({ value: k.code, label: k.name }))}
          onChange={(kind: string) => setDraft({ ...draft, kind })}
        />
      </Field>
      <Field label={t('cert.number')} optional={t('optional')}>
        <input
          className="zc-input"
          maxLength={80}
          value={draft.number}
          onChange={(e) => setDraft({ ...draft, number: e.target.value })}
        />
      </Field>
      <div className="pair">
        <Field label={t('cert.issued')} optional={t('optional')}>
          <input
            className="zc-input"
            type="date"
            value={draft.issuedOn}
            onChange={(e) => setDraft({ ...draft, issuedOn: e.target.value })}
          />
        </Field>
        <Field label={t('cert.expires')} optional={t('optional')}>
          <input
            className="zc-input"
            type="date"
            min={draft.issuedOn || undefined}
            value={draft.expiresOn}
            onChange={(e) => setDraft({ ...draft, expiresOn: e.target.value })}
          />
        </Field>
      </div>
    </FormDialog>
  )
}

function Shift({ engineer, onClose, onDone }: Props) {
  const t = useWords(words)
  const shifts = useCall('GET /api/shifts')
  const [rev] = useState(engineer.rev)
  const [shiftId, setShift] = useState(engineer.shiftId)
  const [day, setDay] = useState(String(engineer.maxDayMin / 60))
  const [week, setWeek] = useState(String(engineer.maxWeekMin / 60))
  const run = useCommand('PATCH /api/engineers/:id')
  return (
    <FormDialog
      title={t('shift.title', { name: engineer.name })}
      submit={t('shift.save')}
      cancel={t('cancel')}
      busy={run.isPending}
      error={run.error}
      ready={Number(day) >= 0 && Number(day) <= 24 && Number(week) >= 0 && Number(week) <= 168}
      onClose={onClose}
      onSubmit={() =>
        run.mutate(
          {
            params: { id: engineer.id },
            body: { shiftId, maxDayMin: Math.round(Number(day) * 60), maxWeekMin: Math.round(Number(week) * 60) },
            baseRev: rev,
          },
          {
            onSuccess: (next) => {
              onDone(next)
              toast(t('done.shift'))
              onClose()
            },
          },
        )
      }
    >
      <Field label={t('e.shift')}>
        <Select
          allowClear
          placeholder={t('shift.none')}
          value={shiftId ?? undefined}
          options={(shifts.data?.rows ?? []).map((s) => ({ value: s.id, label: s.name }))}
          onChange={(next?: string) => setShift(next ?? null)}
        />
      </Field>
      <div className="pair">
        <Field label={t('shift.day')}>
          <input
            className="zc-input"
            type="number"
            min={0}
            max={24}
            step={0.5}
            value={day}
            onChange={(e) => setDay(e.target.value)}
          />
        </Field>
        <Field label={t('shift.week')}>
          <input
            className="zc-input"
            type="number"
            min={0}
            max={168}
            step={0.5}
            value={week}
            onChange={(e) => setWeek(e.target.value)}
          />
        </Field>
      </div>
    </FormDialog>
  )
}

function AddAbsence({
  engineer,
  zone,
  onClose,
  onDone,
}: {
  engineer: Engineer
  zone: string
  onClose: () => void
  onDone: () => void
}) {
  const t = useWords(words)
  const me = useMe()
  const tomorrow = localDate(Date.now() + 86_400_000, zone)
  const [draft, setDraft, clear] = useDraft(`${me.id}.absence.${engineer.id}`, {
    kind: 'leave' as 'leave' | 'training',
    from: `${tomorrow}T09:00`,
    to: `${tomorrow}T18:00`,
    reason: '',
  })
  const run = useCommand('POST /api/engineers/:id/absences')
  const from = instantOf(draft.from, zone)
  const to = instantOf(draft.to, zone)
  return (
    <FormDialog
      title={t('abs.title', { name: engineer.name })}
      note={t('abs.busy')}
      submit={t('abs.add')}
      cancel={t('cancel')}
      busy={run.isPending}
      error={run.error}
      ready={!!from && !!to && to > from}
      onClose={onClose}
      onSubmit={() =>
        from &&
        to &&
        run.mutate(
          { params: { id: engineer.id }, body: { kind: draft.kind, from, to, reason: draft.reason.trim() || null } },
          {
            onSuccess: () => {
              clear()
              onDone()
              toast(t('done.abs'))
              onClose()
            },
          },
        )
      }
    >
      <fieldset className="zc-options">
        <legend>{t('abs.kind')}</legend>
        {(['leave', 'training'] as const).map((kind) => (
          <label key={kind}>
            <input
              type="radio"
              name="kind"
              checked={draft.kind === kind}
              onChange={() => setDraft({ ...draft, kind })}
            />
            {t(`abs.${kind}`)}
          </label>
        ))}
      </fieldset>
      <div className="pair">
        <Field label={t('abs.from')}>
          <input
            className="zc-input"
            type="datetime-local"
            value={draft.from}
            min={wallTime(Date.now() - 30 * 86_400_000, zone)}
            onChange={(e) => setDraft({ ...draft, from: e.target.value })}
          />
        </Field>
        <Field label={t('abs.to')}>
          <input
            className="zc-input"
            type="datetime-local"
            value={draft.to}
            min={draft.from}
            onChange={(e) => setDraft({ ...draft, to: e.target.value })}
          />
        </Field>
      </div>
      <Field label={t('reason')} optional={t('optional')}>
        <textarea
          className="zc-input"
          maxLength={500}
          value={draft.reason}
          onChange={(e) => setDraft({ ...draft, reason: e.target.value })}
        />
      </Field>
    </FormDialog>
  )
}

function CancelAbsence({ absence, onClose, onDone }: { absence: Absence; onClose: () => void; onDone: () => void }) {
  const t = useWords(words)
  const kind = t(`abs.${absence.kind}`)
  const [reason, setReason] = useState('')
  const run = useCommand('POST /api/absences/:id/cancel')
  return (
    <FormDialog
      title={t('abs.cancel.title', { kind })}
      submit={t('abs.cancel.go', { kind })}
      cancel={t('cancel')}
      danger
      busy={run.isPending}
      error={run.error}
      ready={!!reason.trim()}
      onClose={onClose}
      onSubmit={() =>
        run.mutate(
          { params: { id: absence.id }, body: { reason: reason.trim() }, baseRev: absence.rev },
          {
            onSuccess: () => {
              onDone()
              toast(t('done.absCancelled'))
              onClose()
            },
          },
        )
      }
    >
      <Field label={t('reason')}>
        <textarea className="zc-input" maxLength={500} value={reason} onChange={(e) => setReason(e.target.value)} />
      </Field>
    </FormDialog>
  )
}
