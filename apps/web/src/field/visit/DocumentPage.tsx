import { Check, CloudOff, FileText, Plus, Trash2, TriangleAlert } from 'lucide-react'
import { useId } from 'react'
import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { emptyWork, Paper } from '../../common/paper/Paper'
import { isWork, WorkFact } from '../../common/paper/WorkFact'
import { useMe } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import type { VisitFull } from '../../offline/visits'
import { usePhotos } from '../photos/hooks'
import { LocalTile, PhotoButtons } from '../photos/PhotoGrid'
import { navigate, usePageParams } from '../router'
import { ActionBar, FieldBar } from '../shell/Shell'
import { useDocument, useVisit } from './data'
import { words } from './document.words'
import { showFact, wordOf } from './facts'
import { type Document, type Field, factAt, type SaveState, useFill, type Values } from './fill'
import { Chips } from './Sheet'
import './visit.css'

function Saved({ save }: { save: SaveState }) {
  const t = useWords(words)
  const Icon = save.state === 'refused' ? TriangleAlert : save.state === 'kept' ? CloudOff : Check
  return (
    <span className="zc-saved" data-state={save.state} role="status">
      <Icon className="zc-icon" size={16} aria-hidden />
      {save.state === 'refused' ? t('refused', { why: save.why }) : t(save.state)}
    </span>
  )
}

type Props = { field: Field; value: unknown; set: (value: unknown) => void; visit: VisitFull; zone: string }

function Table({ field, value, set }: Props) {
  const t = useWords(words)
  const language = useLanguage()
  const rows = Array.isArray(value) ? (value as Values[]) : []
  const columns = field.columns ?? []
  return (
    <div className="zc-table">
      {rows.map((row, i) => (
        // Rows have no identity of their own: the place is it.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above.
        <fieldset key={i}>
          <legend>{t('row', { n: i + 1 })}</legend>
          {columns.map((column) => (
            <label key={column.key} className="zc-field-row">
              <span>
                {wordOf(column.label, language)}
                {column.required && <i aria-hidden> *</i>}
              </span>
              <input
                className="zc-input"
                maxLength={300}
                required={column.required}
                value={String(row[column.key] ?? '')}
                onChange={(e) => set(rows.map((r, at) => (at === i ? { ...r, [column.key]: e.target.value } : r)))}
              />
            </label>
          ))}
          <button
            type="button"
            className="zc-btn quiet icon"
            aria-label={t('removeRow', { n: i + 1 })}
            onClick={() => {
              set(rows.filter((_, at) => at !== i))
              toast(t('removedRow'), { undo: () => set(rows) })
            }}
          >
            <Trash2 className="zc-icon" size={20} />
          </button>
        </fieldset>
      ))}
      <button
        type="button"
        className="zc-btn"
        onClick={() => set([...rows, Object.fromEntries(columns.map((c) => [c.key, '']))])}
      >
        <Plus className="zc-icon" size={20} aria-hidden /> {t('addRow')}
      </button>
    </div>
  )
}

function PhotosField({ value, set, visit }: Props) {
  const t = useWords(words)
  const { photos, add } = usePhotos(visit)
  const picked = Array.isArray(value) ? (value as string[]) : []
  const here = new Set(photos.map((p) => p.id))
  const stored = visit.evidence.filter((e) => e.kind === 'photo' && !here.has(e.id))
  const toggle = (id: string) => set(picked.includes(id) ? picked.filter((x) => x !== id) : [...picked, id])
  return (
    <>
      {stored.length + photos.length > 0 ? (
        <div className="zc-tiles">
          {stored.map((e) => (
            <button
              key={e.id}
              type="button"
              className="zc-tile pick"
              aria-pressed={picked.includes(e.id)}
              aria-label={t(picked.includes(e.id) ? 'pickedPhoto' : 'pickPhoto')}
              onClick={() => toggle(e.id)}
            >
              {e.thumbUrl && <img src={e.thumbUrl} alt="" loading="lazy" />}
              {picked.includes(e.id) && <Check className="zc-icon tick" size={20} aria-hidden />}
            </button>
          ))}
          {photos.map((p) => (
            <LocalTile key={p.id} photo={p} />
          ))}
        </div>
      ) : (
        <p className="zc-note">{t('noPhotos')}</p>
      )}
      {visit.can.addEvidence && (
        <PhotoButtons
          onAdd={(files, fromCamera) => void add(files, fromCamera).then((ids) => set([...picked, ...ids]))}
        />
      )}
    </>
  )
}

function Input(props: Props & { id: string }) {
  const { field, value, set, id } = props
  const t = useWords(words)
  const language = useLanguage()
  const placeholder = field.placeholder ? wordOf(field.placeholder, language) : undefined
  switch (field.type) {
    case 'longtext':
      return (
        <textarea
          id={id}
          className="zc-input"
          rows={4}
          maxLength={8000}
          placeholder={placeholder}
          value={String(value ?? '')}
          onChange={(e) => set(e.target.value)}
        />
      )
    case 'number':
      return (
        <div className="zc-number">
          <input
            id={id}
            className="zc-input"
            inputMode="decimal"
            maxLength={40}
            placeholder={
              field.min !== undefined && field.max !== undefined
                ? t('range', { min: field.min, max: field.max })
                : placeholder
            }
            value={String(value ?? '')}
            onChange={(e) => {
              const text = e.target.value.trim()
              // Half a number (「-」, 「3.」) is kept as it was typed; the server says that it is none yet.
              set(
                text === ''
                  ? null
                  : /^-?\d+(\.\d+)?$/.test(text) && String(Number(text)) === text
                    ? Number(text)
                    : text,
              )
            }}
          />
          {field.unit && <span>{field.unit}</span>}
        </div>
      )
    default:
      return (
        <input
          id={id}
          className="zc-input"
          maxLength={8000}
          placeholder={placeholder}
          value={String(value ?? '')}
          onChange={(e) => set(e.target.value)}
        />
      )
  }
}

function FieldRow(props: Props & { why: Document['missing'][number]['why'] | undefined }) {
  const { field, why, value, set } = props
  const t = useWords(words)
  const language = useLanguage()
  const id = useId()
  const label = wordOf(field.label, language)
  const note = why && (
    <small className="why">
      {t(`why.${why}`)}
      {why === 'range' &&
        field.min !== undefined &&
        field.max !== undefined &&
        ` · ${t('range', { min: field.min, max: field.max })}`}
    </small>
  )
  const anchor = { id: `field-${field.key}`, className: `zc-docfield${why ? ' lacks' : ''}`, tabIndex: -1 }
  const head = (
    <>
      {label}
      {field.required && <i title={t('required')}> *</i>}
    </>
  )
  if (field.type === 'check')
    return (
      <div {...anchor}>
        <label className="zc-tick">
          <input type="checkbox" checked={value === true} onChange={(e) => set(e.target.checked)} />
          <span>{head}</span>
        </label>
        {note}
      </div>
    )
  if (field.type === 'choice')
    return (
      <div {...anchor}>
        <Chips
          name={field.key}
          label={field.required ? `${label} *` : label}
          options={(field.options ?? []).map((o) => [o.value, wordOf(o.label, language)] as const)}
          value={typeof value === 'string' ? value : null}
          onChange={set}
        />
        {note}
      </div>
    )
  if (field.type === 'table' || field.type === 'photos')
    return (
      <fieldset {...anchor}>
        <legend className="label">{head}</legend>
        {field.type === 'table' ? <Table {...props} /> : <PhotosField {...props} />}
        {note}
      </fieldset>
    )
  return (
    <div {...anchor}>
      <label className="label" htmlFor={id}>
        {head}
      </label>
      <Input {...props} id={id} />
      {note}
    </div>
  )
}

const photoUrl = (id: string) => `/api/evidence/${id}/bytes`

const isBlank = (v: unknown) =>
  v === undefined || v === null || v === false || v === '' || (Array.isArray(v) && v.length === 0)

const jumpTo = (key: string) => {
  const at = document.getElementById(`field-${key}`)
  at?.scrollIntoView({ block: 'center' })
  const input = at?.querySelector<HTMLElement>('input, textarea, button')
  ;(input ?? at)?.focus({ preventScroll: true })
}

function Form({ doc, visit }: { doc: Document; visit: VisitFull }) {
  const t = useWords(words)
  const language = useLanguage()
  const me = useMe()
  const zone = visit.site?.zone ?? me.zone
  const f = useFormat(zone)
  const { values, set, flush, save } = useFill(doc)
  const locked = doc.state === 'signed' || doc.can.fill === false
  const fields = doc.template.body.sections.flatMap((s) => s.fields)
  const labelOf = (key: string) => {
    const field = fields.find((x) => x.key === key)
    return field ? wordOf(field.label, language) : key
  }
  // Typed here but not on the server yet: no longer empty, whatever the last answer said.
  const lacks = doc.missing.filter((m) => m.why !== 'empty' || isBlank(values[m.key]))
  const first = lacks[0]
  const at = `/m/visits/${visit.id}`
  return (
    <>
      <FieldBar title={wordOf(doc.title, language)} back={at}>
        {!locked && <Saved save={save} />}
      </FieldBar>
      <div className="zc-visit">
        {doc.signature && (
          <p className="zc-note">{t('signed', { name: doc.signature.signerName, when: f.when(doc.signature.at) })}</p>
        )}
        {!locked && lacks.length > 0 && (
          <nav className="zc-missing" aria-label={t('missing')}>
            <b>{t('missing')}</b>
            {lacks.map((m) => (
              <button key={m.key} type="button" onClick={() => jumpTo(m.key)}>
                {labelOf(m.key)}
                {m.why !== 'empty' && ` · ${t(`why.${m.why}`)}`}
              </button>
            ))}
          </nav>
        )}
        {locked && (
          <Paper
            document={doc}
            zone={zone}
            photoUrl={photoUrl}
            signatureUrl={doc.signature ? `/api/documents/${doc.id}/signature` : undefined}
          />
        )}
        {(locked ? [] : doc.template.body.sections.filter((s) => !emptyWork(s, doc.facts))).map((section) => {
          const facts = section.fields.filter((x) => x.type === 'fact')
          const asked = section.fields.filter((x) => x.type !== 'fact')
          return (
            <section key={section.key} className="zc-part">
              <header>
                <h2>{wordOf(section.title, language)}</h2>
                {asked.length === 0 && <small>{t('fact')}</small>}
              </header>
              {facts
                .filter((x) => isWork(x.format))
                .map((x) => (
                  <WorkFact
                    key={x.key}
                    format={x.format}
                    value={factAt(doc.facts, x.source ?? '')}
                    photoUrl={photoUrl}
                  />
                ))}
              {facts.some((x) => !isWork(x.format)) && (
                <dl className="zc-facts">
                  {facts
                    .filter((x) => !isWork(x.format))
                    .map((x) => (
                      <div key={x.key}>
                        <dt>{wordOf(x.label, language)}</dt>
                        <dd>{showFact(doc.facts, x, f) ?? t('unknown')}</dd>
                      </div>
                    ))}
                </dl>
              )}
              {asked.map((x) => (
                <FieldRow
                  key={x.key}
                  field={x}
                  value={values[x.key]}
                  set={(value) => set(x.key, value)}
                  visit={visit}
                  zone={zone}
                  why={lacks.find((m) => m.key === x.key)?.why}
                />
              ))}
            </section>
          )
        })}
      </div>
      <ActionBar>
        {!locked &&
          (first ? (
            <button type="button" className="zc-btn primary big zc-next" onClick={() => jumpTo(first.key)}>
              <span className="zc-clip">{t('jump', { field: labelOf(first.key) })}</span>
            </button>
          ) : (
            <button
              type="button"
              className="zc-btn primary big"
              onClick={() => void flush().then(() => navigate(`${at}/documents/${doc.id}/sign`))}
            >
              {t('sign')}
            </button>
          ))}
        <a
          className="zc-btn big"
          href={`/api/documents/${doc.id}/pdf?lang=${language}`}
          target="_blank"
          rel="noreferrer"
          onClick={() => void flush()}
        >
          <FileText className="zc-icon" size={20} aria-hidden /> {t('pdf')}
        </a>
      </ActionBar>
    </>
  )
}

/** A delivery document: what is known stands there, the rest is asked, saved as it is typed. */
export default function DocumentPage() {
  const t = useWords(words)
  const { id = '', documentId = '' } = usePageParams('/m/visits/:id/documents/:documentId')
  const doc = useDocument(documentId)
  const visit = useVisit(id)
  const error = doc.error ?? visit.error
  if (doc.data && visit.data) return <Form key={documentId} doc={doc.data} visit={visit.data} />
  return (
    <>
      <FieldBar title={t('title')} back={`/m/visits/${id}`} />
      {error ? (
        <ErrorState
          error={error}
          onRetry={() => {
            void doc.refetch()
            void visit.refetch()
          }}
        />
      ) : (
        <Loading shape="cards" lines={4} />
      )}
    </>
  )
}
