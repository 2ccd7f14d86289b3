import { Select } from 'antd'
import { Boxes, Plus } from 'lucide-react'
import { useState } from 'react'
import type { Reply } from '../../common/api/call'
import { useCommand, usePages } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { joinList } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { PageHeader } from '../../common/PageHeader'
import { Tag } from '../../common/StateTag'
import { Empty, ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { Field, FormDialog } from '../FormDialog'
import './checklists.css'
import { Tabs } from './Tabs'
import { words } from './words'

type Part = Reply<'GET /api/parts'>['rows'][number]
type Form = Pick<Part, 'number' | 'name' | 'spec' | 'unit' | 'category' | 'serial' | 'models' | 'archived'>
const blank: Form = {
  number: '',
  name: '',
  spec: null,
  unit: '个',
  category: null,
  serial: false,
  models: [],
  archived: false,
}

function Edit({ part, onClose, onSaved }: { part: Part | null; onClose: () => void; onSaved: () => void }) {
  const t = useWords(words)
  const [form, setForm] = useState<Form>(part ?? blank)
  const add = useCommand('POST /api/parts')
  const edit = useCommand('PATCH /api/parts/:id')
  const line = (key: 'number' | 'name' | 'spec' | 'unit' | 'category', max: number) => (
    <Field label={t(`part.${key}`)}>
      <input
        className="zc-input"
        maxLength={max}
        value={form[key] ?? ''}
        onChange={(e) => setForm({ ...form, [key]: e.target.value })}
      />
    </Field>
  )
  const done = {
    onSuccess: (p: Part) => {
      toast(t('part.saved', { number: p.number }))
      onSaved()
    },
  }
  const body = {
    number: form.number.trim(),
    name: form.name.trim(),
    spec: form.spec?.trim() || null,
    unit: form.unit.trim(),
    category: form.category?.trim() || null,
    serial: form.serial,
    models: form.models,
    archived: form.archived,
  }
  return (
    <FormDialog
      title={t(part ? 'part.edit' : 'part.new')}
      submit={t('save')}
      cancel={t('cancel')}
      busy={add.isPending || edit.isPending}
      ready={body.number !== '' && body.name !== '' && body.unit !== ''}
      error={add.error ?? edit.error}
      onClose={onClose}
      onSubmit={() => (part ? edit.mutate({ params: { id: part.id }, body }, done) : add.mutate({ body }, done))}
    >
      {line('number', 60)}
      {line('name', 120)}
      {line('spec', 200)}
      {line('unit', 20)}
      {line('category', 60)}
      <Field label={t('part.models')}>
        <Select
          mode="tags"
          aria-label={t('part.models')}
          value={form.models}
          tokenSeparators={[',', '，', ' ', '、']}
          onChange={(models: string[]) => setForm({ ...form, models: models.map((m) => m.slice(0, 60)) })}
        />
      </Field>
      <label className="check">
        <input type="checkbox" checked={form.serial} onChange={(e) => setForm({ ...form, serial: e.target.checked })} />{' '}
        {t('part.serial')}
      </label>
      {part && (
        <label className="check">
          <input
            type="checkbox"
            checked={form.archived}
            onChange={(e) => setForm({ ...form, archived: e.target.checked })}
          />{' '}
          {t('part.archived')}
        </label>
      )}
    </FormDialog>
  )
}

/** The catalogue that engineers pick from on site. */
export default function PartsPage() {
  const t = useWords(words)
  const [q, setQ] = useState('')
  const [open, setOpen] = useState<Part | 'new' | null>(null)
  const list = usePages('GET /api/parts', { query: { q: q || undefined, limit: 100 } }, { watch: ['part'] })
  const { rows, first } = list
  const columns: Column<Part>[] = [
    { key: 'number', title: t('part.number'), width: '140px', render: (p) => p.number },
    { key: 'name', title: t('part.name'), width: 'minmax(160px, 1fr)', render: (p) => p.name },
    { key: 'spec', title: t('part.spec'), width: 'minmax(140px, 1fr)', render: (p) => p.spec ?? '' },
    { key: 'category', title: t('part.category'), width: '100px', render: (p) => p.category ?? '' },
    { key: 'unit', title: t('part.unit'), width: '64px', render: (p) => p.unit },
    { key: 'models', title: t('part.models'), width: 'minmax(120px, 1fr)', render: (p) => joinList(p.models) },
    {
      key: 'serial',
      title: t('part.serial.yes'),
      width: '110px',
      render: (p) =>
        p.serial && (
          <Tag quiet meaning="blue">
            {t('part.serial.yes')}
          </Tag>
        ),
    },
  ]
  return (
    <div className="zc-lists">
      <PageHeader
        title={t('parts')}
        meta={t('part.lead')}
        actions={
          <>
            <Tabs />
            {first?.can.add && (
              <button type="button" className="zc-btn primary" onClick={() => setOpen('new')}>
                <Plus className="zc-icon" size={16} aria-hidden /> {t('part.new')}
              </button>
            )}
          </>
        }
      >
        <input
          className="zc-input"
          type="search"
          aria-label={t('part.search')}
          placeholder={t('part.search')}
          value={q}
          onChange={(e) => setQ(e.target.value)}
        />
      </PageHeader>
      <div className="body">
        {list.error && !first ? (
          <ErrorState error={list.error} onRetry={list.again} />
        ) : !first ? (
          <Loading shape="rows" lines={8} />
        ) : (
          <DataList
            id="parts"
            label={t('parts')}
            rows={rows}
            rowKey={(p) => p.id}
            columns={columns}
            openId={open && open !== 'new' ? open.id : null}
            onOpen={(p) => p.can.edit && setOpen(p)}
            onMore={list.more}
            empty={
              <Empty icon={Boxes} title={t('part.empty.title')}>
                {t('part.empty.text')}
              </Empty>
            }
          />
        )}
      </div>
      {open && (
        <Edit
          part={open === 'new' ? null : open}
          onClose={() => setOpen(null)}
          onSaved={() => {
            setOpen(null)
            list.again()
          }}
        />
      )}
    </div>
  )
}
