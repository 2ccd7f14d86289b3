import { Plus, X } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { type CallInput, call, newId, type Reply } from '../../common/api/call'
import { ApiError } from '../../common/api/problem'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { orderWords } from '../../common/order.words'
import { Choices, TeamPick } from '../parts/Pick'
import { Field, Sheet } from '../parts/Sheet'
import { printDay, readDay, readPoint } from './hours'
import { words } from './words'

export type Customer = Reply<'GET /api/customers/:id'>
export type Site = Customer['siteList'][number]
export type Contact = Customer['contacts'][number]
export type Asset = Customer['assets'][number]
export type Contract = NonNullable<Customer['contracts']>[number]

const orNull = (s: string) => s.trim() || null
const asNumber = (s: string) => (s.trim() === '' ? null : Number(s))
const fenOf = (s: string) => (s.trim() === '' ? null : Math.round(Number(s) * 100))
const yuanOf = (fen: number | null) => (fen === null ? '' : String(fen / 100))

type Row = { id: string; rev: number }
type Clash = { by: string; at: string; fields: { field: string; theirs: unknown; mine: unknown }[] }

/**
 * Saves an edit as what it changes. When somebody else has saved meanwhile, both values of each field that clashes are
 * shown; saving again then puts one's own over those, and leaves everything else that the other wrote.
 */
function useEdit<R extends Row>(
  row: R | undefined,
  patch: (body: Partial<R>, baseRev: number) => Promise<R>,
  fresh: () => Promise<R | undefined>,
) {
  const [rev, setRev] = useState(row?.rev ?? 0)
  const [clash, setClash] = useState<Clash | null>(null)
  const save = async (next: Partial<R>): Promise<R | null> => {
    if (!row) throw new Error('nothing to edit')
    const body = Object.fromEntries(
      Object.entries(next).filter(([k, v]) => JSON.stringify(v) !== JSON.stringify(row[k as keyof R])),
    ) as Partial<R>
    if (!Object.keys(body).length) return row
    try {
      return await patch(body, rev)
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'changed_meanwhile') throw error
      const now = await fresh()
      if (!now) throw error
      setClash({
        by: String(error.params.by ?? '—'),
        at: String(error.params.at ?? ''),
        fields: Object.entries(body).flatMap(([field, mine]) => {
          const theirs = now[field as keyof R]
          const same = JSON.stringify(theirs) === JSON.stringify(row[field as keyof R])
          return same || JSON.stringify(theirs) === JSON.stringify(mine) ? [] : [{ field, theirs, mine }]
        }),
      })
      setRev(now.rev)
      return null
    }
  }
  return { save, clash }
}

function ClashNote({ clash, label }: { clash: Clash | null; label: (field: string) => string }) {
  const t = useWords(words)
  const f = useFormat()
  if (!clash) return null
  const print = (v: unknown) =>
    v === null || v === undefined || v === '' ? t('empty') : typeof v === 'object' ? JSON.stringify(v) : String(v)
  return (
    <div className="zc-conflict" role="alert">
      <span>{t('changed', { by: clash.by, when: clash.at ? f.when(clash.at) : '—' })}</span>
      {clash.fields.map((c) => (
        <b key={c.field}>
          {t('changedField', { field: label(c.field), theirs: print(c.theirs), mine: print(c.mine) })}
        </b>
      ))}
      <span>{t('changedAgain')}</span>
    </div>
  )
}

function Line({
  label,
  path,
  value,
  onChange,
  type = 'text',
  optional,
  hint,
  error,
  wide,
  max = 200,
  ...more
}: {
  label: string
  path: string
  value: string
  onChange: (v: string) => void
  type?: 'text' | 'date' | 'number' | 'tel' | 'email'
  optional?: boolean
  hint?: ReactNode
  error?: string | null
  wide?: boolean
  max?: number
  min?: number
  step?: number
}) {
  return (
    <Field label={label} path={path} optional={optional} hint={hint} error={error} wide={wide}>
      {(c) => (
        <input
          {...c}
          {...more}
          className="zc-input"
          type={type}
          maxLength={max}
          required={!optional}
          value={value}
          onChange={(e) => onChange(e.target.value)}
        />
      )}
    </Field>
  )
}
function Long({
  label,
  path,
  value,
  onChange,
}: {
  label: string
  path: string
  value: string
  onChange: (v: string) => void
}) {
  return (
    <Field label={label} path={path} optional wide>
      {(c) => (
        <textarea
          {...c}
          className="zc-input"
          rows={2}
          maxLength={4000}
          value={value}
          onChange={(e) => onChange(e.target.value)}
        />
      )}
    </Field>
  )
}
function Check({ label, value, onChange }: { label: string; value: boolean; onChange: (v: boolean) => void }) {
  return (
    <label className="zc-check">
      <input type="checkbox" checked={value} onChange={(e) => onChange(e.target.checked)} /> {label}
    </label>
  )
}
function SiteField({
  sites,
  value,
  onChange,
}: {
  sites: readonly Site[]
  value: string | null
  onChange: (v: string | null) => void
}) {
  const t = useWords(words)
  return (
    <Field label={t('site')} path="siteId" optional>
      {(c) => (
        <select {...c} className="zc-input" value={value ?? ''} onChange={(e) => onChange(e.target.value || null)}>
          <option value="">{t('anySite')}</option>
          {sites
            .filter((s) => !s.archived || s.id === value)
            .map((s) => (
              <option key={s.id} value={s.id}>
                {s.name}
              </option>
            ))}
        </select>
      )}
    </Field>
  )
}

type Done<R> = { onDone: (row: R) => void; onClose: () => void }
const customerOf = (id: string) => call('GET /api/customers/:id', { params: { id } })

export function CustomerSheet({
  customer,
  name: typed = '',
  onDone,
  onClose,
}: { customer?: Customer; name?: string } & Done<Customer>) {
  const t = useWords(words)
  const [id] = useState(newId)
  const [name, setName] = useState(customer?.name ?? typed)
  const [shortName, setShortName] = useState(customer?.shortName ?? '')
  const [code, setCode] = useState(customer?.code ?? '')
  const [industry, setIndustry] = useState(customer?.industry ?? '')
  const [level, setLevel] = useState<'key' | 'normal'>(customer?.level ?? 'normal')
  const [teamId, setTeamId] = useState(customer?.teamId ?? null)
  const [note, setNote] = useState(customer?.note ?? '')
  const { save, clash } = useEdit<Customer>(
    customer,
    (body, baseRev) =>
      call('PATCH /api/customers/:id', {
        params: { id: customer?.id ?? '' },
        body: body as CallInput<'PATCH /api/customers/:id'>['body'],
        baseRev,
      }),
    () => customerOf(customer?.id ?? ''),
  )
  return (
    <Sheet
      title={customer ? t('edit') : t('new')}
      submit={customer ? t('edit') : t('new')}
      width={600}
      disabled={!name.trim()}
      onClose={onClose}
      onSubmit={async () => {
        const body = {
          name: name.trim(),
          shortName: orNull(shortName),
          code: orNull(code),
          industry: orNull(industry),
          level,
          teamId,
          note: orNull(note),
        }
        const done = customer ? await save(body) : await call('POST /api/customers', { body: { ...body, id } })
        if (done) onDone(done)
      }}
    >
      <ClashNote clash={clash} label={(k) => (k === 'teamId' ? t('team') : k in words['zh-CN'] ? t(k as 'name') : k)} />
      <div className="zc-fields">
        <Line label={t('name')} path="name" value={name} onChange={setName} wide />
        <Line label={t('shortName')} path="shortName" value={shortName} onChange={setShortName} optional max={60} />
        <Line label={t('code')} path="code" value={code} onChange={setCode} optional max={60} />
        <Line label={t('industry')} path="industry" value={industry} onChange={setIndustry} optional max={60} />
        <Field label={t('team')} path="teamId" optional>
          {(c) => (
            <TeamPick
              id={c.id}
              label={t('team')}
              value={teamId}
              shown={customer?.teamName}
              clearable
              onChange={(v) => setTeamId(v)}
            />
          )}
        </Field>
        <Field label={t('level')} path="level" wide>
          {() => (
            <Choices
              label={t('level')}
              name="level"
              value={level}
              onChange={setLevel}
              options={[
                { value: 'key', label: t('level.key') },
                { value: 'normal', label: t('level.normal') },
              ]}
            />
          )}
        </Field>
        <Long label={t('note')} path="note" value={note} onChange={setNote} />
      </div>
    </Sheet>
  )
}

const DATUMS = ['wgs84', 'gcj02', 'bd09', 'unknown'] as const
export function SiteSheet({
  customerId,
  site,
  name: typed = '',
  onDone,
  onClose,
}: { customerId: string; site?: Site; name?: string } & Done<Site>) {
  const t = useWords(words)
  const [id] = useState(newId)
  const [name, setName] = useState(site?.name ?? typed)
  const [address, setAddress] = useState(site?.address ?? '')
  const [point, setPoint] = useState(site?.point ? `${site.point.lat}, ${site.point.lng}` : '')
  const [datum, setDatum] = useState<(typeof DATUMS)[number]>(site?.point?.datum ?? 'gcj02')
  const [radius, setRadius] = useState(String(site?.radiusM ?? 300))
  const [zone, setZone] = useState(site?.zone ?? 'Asia/Shanghai')
  const [byDay, setByDay] = useState(!!site?.accessHours)
  const [days, setDays] = useState<string[]>(
    site?.accessHours ? site.accessHours.map(printDay) : [...Array<string>(5).fill('09:00-18:00'), '', ''],
  )
  const needs = site?.entryNeeds
  const [lead, setLead] = useState(String(needs?.leadHours ?? 0))
  const [named, setNamed] = useState(needs?.namedPersons ?? false)
  const [equipment, setEquipment] = useState(needs?.equipmentList ?? false)
  const [certificates, setCertificates] = useState(needs?.certificates.join('，') ?? '')
  const [blocks, setBlocks] = useState(needs?.blocks ?? false)
  const [entryNote, setEntryNote] = useState(needs?.note ?? '')
  const [note, setNote] = useState(site?.note ?? '')
  const [archived, setArchived] = useState(site?.archived ?? false)
  const read = point.trim() ? readPoint(point) : null
  const hours = byDay ? days.map(readDay) : null
  const { save, clash } = useEdit<Site>(
    site,
    (body, baseRev) =>
      call('PATCH /api/sites/:id', {
        params: { id: site?.id ?? '' },
        body: body as CallInput<'PATCH /api/sites/:id'>['body'],
        baseRev,
      }),
    async () => (await customerOf(customerId)).siteList.find((s) => s.id === site?.id),
  )
  const bad = (!!point.trim() && !read) || !!hours?.some((d) => d === null)
  return (
    <Sheet
      title={site ? t('site.edit') : t('site.add')}
      submit={site ? t('site.edit') : t('site.add')}
      width={640}
      disabled={!name.trim() || !address.trim() || bad}
      onClose={onClose}
      onSubmit={async () => {
        const body = {
          name: name.trim(),
          address: address.trim(),
          point: read && { ...read, datum },
          radiusM: Number(radius),
          zone: zone.trim(),
          accessHours: hours as [number, number][][] | null,
          entryNeeds: {
            leadHours: Number(lead) || 0,
            namedPersons: named,
            equipmentList: equipment,
            certificates: certificates
              .split(/[,，、]/)
              .map((s) => s.trim())
              .filter(Boolean),
            blocks,
            note: orNull(entryNote),
          },
          note: orNull(note),
        }
        const done = site
          ? await save({ ...body, archived })
          : await call('POST /api/customers/:id/sites', { params: { id: customerId }, body: { ...body, id } })
        if (done) onDone(done)
      }}
    >
      <ClashNote clash={clash} label={(k) => (k in words['zh-CN'] ? t(k as 'name') : k)} />
      <div className="zc-fields">
        <Line label={t('name')} path="name" value={name} onChange={setName} />
        <Line label={t('radius')} path="radiusM" type="number" min={20} value={radius} onChange={setRadius} />
        <Line label={t('address')} path="address" value={address} onChange={setAddress} wide max={300} />
        <Line
          label={t('point')}
          path="point"
          optional
          value={point}
          onChange={setPoint}
          hint={t('point.hint')}
          error={point.trim() && !read ? t('point.bad') : null}
        />
        <Field label={t('datum')} path="point.datum">
          {(c) => (
            <select
              {...c}
              className="zc-input"
              value={datum}
              onChange={(e) => setDatum(e.target.value as typeof datum)}
            >
              {DATUMS.map((d) => (
                <option key={d} value={d}>
                  {t(`datum.${d}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Line label={t('zone')} path="zone" value={zone} onChange={setZone} max={60} />
        <Line
          label={t('entry.lead')}
          path="entryNeeds.leadHours"
          type="number"
          min={0}
          value={lead}
          onChange={setLead}
        />
        <Field label={t('hours')} path="accessHours" hint={byDay ? t('hours.hint') : undefined} wide>
          {() => (
            <>
              <Choices
                label={t('hours')}
                name="hours"
                value={byDay ? 'days' : 'any'}
                onChange={(v) => setByDay(v === 'days')}
                options={[
                  { value: 'any', label: t('hours.any') },
                  { value: 'days', label: t('hours.days') },
                ]}
              />
              {byDay && (
                <div className="customer-days">
                  {days.map((day, i) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the seven days of the week are their places.
                    <label key={i}>
                      {t(`day.${i as 0}`)}
                      <input
                        className="zc-input"
                        aria-invalid={readDay(day) === null || undefined}
                        value={day}
                        onChange={(e) => setDays(days.map((d, j) => (j === i ? e.target.value : d)))}
                      />
                    </label>
                  ))}
                </div>
              )}
            </>
          )}
        </Field>
        <div data-wide className="customer-checks">
          <Check label={t('entry.named')} value={named} onChange={setNamed} />
          <Check label={t('entry.equipment')} value={equipment} onChange={setEquipment} />
          <Check label={t('entry.blocks')} value={blocks} onChange={setBlocks} />
        </div>
        <Line
          label={t('entry.certificates')}
          path="entryNeeds.certificates"
          optional
          value={certificates}
          onChange={setCertificates}
          wide
        />
        <Long
          label={`${t('entry')} · ${t('entry.note')}`}
          path="entryNeeds.note"
          value={entryNote}
          onChange={setEntryNote}
        />
        <Long label={t('note')} path="note" value={note} onChange={setNote} />
        {site && <Check label={t('site.archive')} value={archived} onChange={setArchived} />}
      </div>
    </Sheet>
  )
}

export function ContactSheet({
  customer,
  contact,
  name: typed = '',
  siteId: at = null,
  onDone,
  onClose,
}: {
  customer: Pick<Customer, 'id' | 'siteList'>
  contact?: Contact
  name?: string
  siteId?: string | null
} & Done<Contact>) {
  const t = useWords(words)
  const [id] = useState(newId)
  const [name, setName] = useState(contact?.name ?? typed)
  const [title, setTitle] = useState(contact?.title ?? '')
  const [phone, setPhone] = useState(contact?.phone ?? '')
  const [email, setEmail] = useState(contact?.email ?? '')
  const [siteId, setSiteId] = useState(contact?.siteId ?? at)
  const [main, setMain] = useState(contact?.main ?? false)
  const [note, setNote] = useState(contact?.note ?? '')
  const [archived, setArchived] = useState(contact?.archived ?? false)
  const { save, clash } = useEdit<Contact>(
    contact,
    (body, baseRev) =>
      call('PATCH /api/contacts/:id', {
        params: { id: contact?.id ?? '' },
        body: body as CallInput<'PATCH /api/contacts/:id'>['body'],
        baseRev,
      }),
    async () => (await customerOf(customer.id)).contacts.find((c) => c.id === contact?.id),
  )
  return (
    <Sheet
      title={contact ? t('contact.edit') : t('contact.add')}
      submit={contact ? t('contact.edit') : t('contact.add')}
      disabled={!name.trim()}
      onClose={onClose}
      onSubmit={async () => {
        const body = {
          name: name.trim(),
          title: orNull(title),
          phone: orNull(phone),
          email: orNull(email),
          siteId,
          main,
          note: orNull(note),
        }
        const done = contact
          ? await save({ ...body, archived })
          : await call('POST /api/customers/:id/contacts', { params: { id: customer.id }, body: { ...body, id } })
        if (done) onDone(done)
      }}
    >
      <ClashNote clash={clash} label={(k) => (k === 'title' ? t('job') : k in words['zh-CN'] ? t(k as 'name') : k)} />
      <div className="zc-fields">
        <Line label={t('person')} path="name" value={name} onChange={setName} />
        <Line label={t('job')} path="title" optional value={title} onChange={setTitle} max={60} />
        <Line label={t('phone')} path="phone" type="tel" optional value={phone} onChange={setPhone} max={25} />
        <Line label={t('email')} path="email" type="email" optional value={email} onChange={setEmail} />
        <SiteField sites={customer.siteList} value={siteId} onChange={setSiteId} />
        <Check label={t('main')} value={main} onChange={setMain} />
        <Long label={t('note')} path="note" value={note} onChange={setNote} />
        {contact && <Check label={t('archive1')} value={archived} onChange={setArchived} />}
      </div>
    </Sheet>
  )
}

export function AssetSheet({
  customer,
  asset,
  name: typed = '',
  siteId: at = null,
  onDone,
  onClose,
}: {
  customer: Pick<Customer, 'id' | 'siteList'>
  asset?: Asset
  name?: string
  siteId?: string | null
} & Done<Asset>) {
  const t = useWords(words)
  const [id] = useState(newId)
  const [name, setName] = useState(asset?.name ?? typed)
  const [model, setModel] = useState(asset?.model ?? '')
  const [serial, setSerial] = useState(asset?.serial ?? '')
  const [siteId, setSiteId] = useState(asset?.siteId ?? at)
  const [installedOn, setInstalledOn] = useState(asset?.installedOn ?? '')
  const [warrantyUntil, setWarrantyUntil] = useState(asset?.warrantyUntil ?? '')
  const [note, setNote] = useState(asset?.note ?? '')
  const [archived, setArchived] = useState(asset?.archived ?? false)
  const { save, clash } = useEdit<Asset>(
    asset,
    (body, baseRev) =>
      call('PATCH /api/assets/:id', {
        params: { id: asset?.id ?? '' },
        body: body as CallInput<'PATCH /api/assets/:id'>['body'],
        baseRev,
      }),
    async () => (await customerOf(customer.id)).assets.find((a) => a.id === asset?.id),
  )
  return (
    <Sheet
      title={asset ? t('asset.edit') : t('asset.add')}
      submit={asset ? t('asset.edit') : t('asset.add')}
      disabled={!name.trim()}
      onClose={onClose}
      onSubmit={async () => {
        const body = {
          name: name.trim(),
          model: orNull(model),
          serial: orNull(serial),
          siteId,
          installedOn: orNull(installedOn),
          warrantyUntil: orNull(warrantyUntil),
          note: orNull(note),
        }
        const done = asset
          ? await save({ ...body, archived })
          : await call('POST /api/customers/:id/assets', { params: { id: customer.id }, body: { ...body, id } })
        if (done) onDone(done)
      }}
    >
      <ClashNote clash={clash} label={(k) => (k in words['zh-CN'] ? t(k as 'name') : k)} />
      <div className="zc-fields">
        <Line label={t('name')} path="name" value={name} onChange={setName} />
        <Line label={t('model')} path="model" optional value={model} onChange={setModel} max={100} />
        <Line label={t('serial')} path="serial" optional value={serial} onChange={setSerial} max={100} />
        <SiteField sites={customer.siteList} value={siteId} onChange={setSiteId} />
        <Line
          label={t('installed')}
          path="installedOn"
          type="date"
          optional
          value={installedOn}
          onChange={setInstalledOn}
        />
        <Line
          label={t('warranty')}
          path="warrantyUntil"
          type="date"
          optional
          value={warrantyUntil}
          onChange={setWarrantyUntil}
        />
        <Long label={t('note')} path="note" value={note} onChange={setNote} />
        {asset && <Check label={t('archive1')} value={archived} onChange={setArchived} />}
      </div>
    </Sheet>
  )
}

type SlaLine = Contract['sla'][number]
type Node = Contract['paymentNodes'][number]
const TARGETS = ['response', 'takeup', 'arrival', 'resolve'] as const

function SlaLines({ value, onChange }: { value: SlaLine[]; onChange: (v: SlaLine[]) => void }) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const set = (id: string, change: (line: SlaLine) => SlaLine) =>
    onChange(value.map((l) => (l.id === id ? change(l) : l)))
  return (
    <fieldset className="customer-lines" data-wide aria-label={t('sla.lines')}>
      <legend>{t('sla.lines')}</legend>
      {value.map((line) => (
        <div key={line.id} className="line">
          <select
            aria-label={t('sla.priority')}
            className="zc-input"
            value={line.priority ?? ''}
            onChange={(e) => set(line.id, (l) => ({ ...l, priority: (e.target.value || null) as SlaLine['priority'] }))}
          >
            <option value="">{`${t('sla.priority')} · ${t('sla.any')}`}</option>
            {(['urgent', 'high', 'normal', 'low'] as const).map((p) => (
              <option key={p} value={p}>
                {o(`priority.${p}`)}
              </option>
            ))}
          </select>
          <select
            aria-label={t('sla.type')}
            className="zc-input"
            value={line.type ?? ''}
            onChange={(e) => set(line.id, (l) => ({ ...l, type: (e.target.value || null) as SlaLine['type'] }))}
          >
            <option value="">{`${t('sla.type')} · ${t('sla.any')}`}</option>
            {(['install', 'repair', 'inspect', 'train', 'upgrade', 'survey', 'other'] as const).map((p) => (
              <option key={p} value={p}>
                {o(`type.${p}`)}
              </option>
            ))}
          </select>
          <select
            aria-label={t('sla.calendar')}
            className="zc-input"
            value={line.targets.calendar}
            onChange={(e) =>
              set(line.id, (l) => ({ ...l, targets: { ...l.targets, calendar: e.target.value as 'always' } }))
            }
          >
            <option value="always">{t('calendar.always')}</option>
            <option value="site_hours">{t('calendar.site_hours')}</option>
          </select>
          <button
            type="button"
            className="zc-btn quiet icon"
            aria-label={t('sla.remove')}
            onClick={() => onChange(value.filter((l) => l.id !== line.id))}
          >
            <X className="zc-icon" size={16} />
          </button>
          <div className="targets">
            {TARGETS.map((k) => (
              <label key={k}>
                <small>{t(`sla.${k}`)}</small>
                <input
                  className="zc-input"
                  type="number"
                  min={1}
                  value={line.targets[`${k}Min`] ?? ''}
                  onChange={(e) =>
                    set(line.id, (l) => ({ ...l, targets: { ...l.targets, [`${k}Min`]: asNumber(e.target.value) } }))
                  }
                />
              </label>
            ))}
          </div>
        </div>
      ))}
      <button
        type="button"
        className="zc-btn"
        onClick={() =>
          onChange([
            ...value,
            {
              id: newId(),
              priority: null,
              type: null,
              targets: { calendar: 'site_hours', responseMin: 60, takeupMin: null, arrivalMin: null, resolveMin: null },
            },
          ])
        }
      >
        <Plus className="zc-icon" size={15} aria-hidden /> {t('sla.add')}
      </button>
    </fieldset>
  )
}

type DraftNode = { key: string; name: string; amount: string; dueOn: string; condition: string }
function Payments({ value, onChange }: { value: DraftNode[]; onChange: (v: DraftNode[]) => void }) {
  const t = useWords(words)
  const set = (key: string, change: Partial<DraftNode>) =>
    onChange(value.map((n) => (n.key === key ? { ...n, ...change } : n)))
  return (
    <fieldset className="customer-lines" data-wide aria-label={t('payments')}>
      <legend>{t('payments')}</legend>
      {value.map((n) => (
        <div key={n.key} className="line">
          <input
            className="zc-input"
            aria-label={t('payment.name')}
            placeholder={t('payment.name')}
            required
            maxLength={100}
            value={n.name}
            onChange={(e) => set(n.key, { name: e.target.value })}
          />
          <input
            className="zc-input"
            aria-label={t('payment.amount')}
            placeholder={t('payment.amount')}
            type="number"
            min={0}
            step={0.01}
            value={n.amount}
            onChange={(e) => set(n.key, { amount: e.target.value })}
          />
          <input
            className="zc-input"
            aria-label={t('payment.due')}
            type="date"
            value={n.dueOn}
            onChange={(e) => set(n.key, { dueOn: e.target.value })}
          />
          <button
            type="button"
            className="zc-btn quiet icon"
            aria-label={t('payment.remove')}
            onClick={() => onChange(value.filter((one) => one.key !== n.key))}
          >
            <X className="zc-icon" size={16} />
          </button>
          <input
            className="zc-input all"
            aria-label={t('payment.condition')}
            placeholder={t('payment.condition')}
            maxLength={300}
            value={n.condition}
            onChange={(e) => set(n.key, { condition: e.target.value })}
          />
        </div>
      ))}
      <button
        type="button"
        className="zc-btn"
        onClick={() => onChange([...value, { key: newId(), name: '', amount: '', dueOn: '', condition: '' }])}
      >
        <Plus className="zc-icon" size={15} aria-hidden /> {t('payment.add')}
      </button>
    </fieldset>
  )
}

export function ContractSheet({
  customerId,
  contract,
  onDone,
  onClose,
}: { customerId: string; contract?: Contract } & Done<Contract>) {
  const t = useWords(words)
  const key = useId()
  const [id] = useState(newId)
  const [f, setF] = useState({
    number: contract?.number ?? '',
    title: contract?.title ?? '',
    startsOn: contract?.startsOn ?? '',
    endsOn: contract?.endsOn ?? '',
    entitlement: contract?.entitlement ?? '',
    visitsAllowed: contract?.visitsAllowed?.toString() ?? '',
    personDaysAllowed: contract?.personDaysAllowed?.toString() ?? '',
    deemAfterDays: contract?.deemAfterDays?.toString() ?? '',
    penalty: contract?.penalty ?? '',
    amount: yuanOf(contract?.amountFen ?? null),
  })
  const [sla, setSla] = useState<SlaLine[]>(contract?.sla ?? [])
  const [nodes, setNodes] = useState<DraftNode[]>(
    contract?.paymentNodes.map((n, i) => ({
      key: `${key}${i}`,
      name: n.name,
      amount: yuanOf(n.amountFen),
      dueOn: n.dueOn ?? '',
      condition: n.condition ?? '',
    })) ?? [],
  )
  const [archived, setArchived] = useState(contract?.archived ?? false)
  const set = (k: keyof typeof f) => (v: string) => setF({ ...f, [k]: v })
  const { save, clash } = useEdit<Contract>(
    contract,
    (body, baseRev) =>
      call('PATCH /api/contracts/:id', {
        params: { id: contract?.id ?? '' },
        body: body as CallInput<'PATCH /api/contracts/:id'>['body'],
        baseRev,
      }),
    async () => (await customerOf(customerId)).contracts?.find((c) => c.id === contract?.id),
  )
  return (
    <Sheet
      title={contract ? t('contract.edit') : t('contract.add')}
      submit={contract ? t('contract.edit') : t('contract.add')}
      width={680}
      disabled={!f.number.trim() || !f.title.trim() || !f.startsOn || !f.endsOn}
      onClose={onClose}
      onSubmit={async () => {
        const body = {
          number: f.number.trim(),
          title: f.title.trim(),
          startsOn: f.startsOn,
          endsOn: f.endsOn,
          entitlement: orNull(f.entitlement),
          visitsAllowed: asNumber(f.visitsAllowed),
          personDaysAllowed: asNumber(f.personDaysAllowed),
          deemAfterDays: asNumber(f.deemAfterDays),
          penalty: orNull(f.penalty),
          amountFen: fenOf(f.amount),
          sla,
          paymentNodes: nodes.map(
            (n): Node => ({
              name: n.name.trim(),
              amountFen: fenOf(n.amount),
              dueOn: orNull(n.dueOn),
              condition: orNull(n.condition),
            }),
          ),
        }
        const done = contract
          ? await save({ ...body, archived })
          : await call('POST /api/customers/:id/contracts', { params: { id: customerId }, body: { ...body, id } })
        if (done) onDone(done)
      }}
    >
      <ClashNote
        clash={clash}
        label={(k) => (k === 'title' ? t('contractTitle') : k in words['zh-CN'] ? t(k as 'name') : k)}
      />
      <div className="zc-fields">
        <Line label={t('number')} path="number" value={f.number} onChange={set('number')} max={60} />
        <Line label={t('contractTitle')} path="title" value={f.title} onChange={set('title')} />
        <Line label={t('starts')} path="startsOn" type="date" value={f.startsOn} onChange={set('startsOn')} />
        <Line label={t('ends')} path="endsOn" type="date" value={f.endsOn} onChange={set('endsOn')} />
        <Line
          label={t('visits')}
          path="visitsAllowed"
          type="number"
          min={0}
          optional
          value={f.visitsAllowed}
          onChange={set('visitsAllowed')}
        />
        <Line
          label={t('personDays')}
          path="personDaysAllowed"
          type="number"
          min={0}
          step={0.5}
          optional
          value={f.personDaysAllowed}
          onChange={set('personDaysAllowed')}
        />
        <Line
          label={t('deem')}
          path="deemAfterDays"
          type="number"
          min={1}
          optional
          hint={t('deem.hint')}
          value={f.deemAfterDays}
          onChange={set('deemAfterDays')}
        />
        <Line
          label={t('amount')}
          path="amountFen"
          type="number"
          min={0}
          step={0.01}
          optional
          value={f.amount}
          onChange={set('amount')}
        />
        <Long label={t('entitlement')} path="entitlement" value={f.entitlement} onChange={set('entitlement')} />
        <Long label={t('penalty')} path="penalty" value={f.penalty} onChange={set('penalty')} />
        <SlaLines value={sla} onChange={setSla} />
        <Payments value={nodes} onChange={setNodes} />
        {contract && <Check label={t('archive1')} value={archived} onChange={setArchived} />}
      </div>
    </Sheet>
  )
}
