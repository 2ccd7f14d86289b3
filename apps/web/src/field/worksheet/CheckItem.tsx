import { CircleCheck, CircleMinus, CircleX, ClipboardPlus, PenLine, ScanLine, X } from 'lucide-react'
import { lazy, Suspense, useEffect, useId, useRef, useState } from 'react'
import { limitsOf, verdictOf } from '#lifecycle/worksheet'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import type { BodyOf } from '../../offline'
import type { VisitFull } from '../../offline/visits'
import { usePhotos } from '../photos/hooks'
import { PhotoButtons } from '../photos/PhotoGrid'
import { Chips } from '../visit/Sheet'
import type { Answer, Item } from './data'
import { useText } from './text'
import { words } from './words'

const ScanSheet = lazy(() => import('./ScanSheet'))
const SignItem = lazy(() => import('./SignItem'))

type Change = Pick<BodyOf<'worksheet.answer'>, 'value' | 'note'>
interface Props {
  id: string
  visit: VisitFull
  item: Item
  answer: Answer | undefined
  can: boolean
  onAnswer: (change: Change) => void
  onFollowUp: () => void
}

/** Saves what is typed a moment after the last key, and when the field is left. What comes from elsewhere shows while nobody types. */
function useTyped(stored: string, save: (text: string) => void) {
  const [text, setText] = useState(stored)
  const dirty = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef({ text, save })
  latest.current = { text, save }
  useEffect(() => {
    if (!dirty.current) setText(stored)
  }, [stored])
  const flush = () => {
    clearTimeout(timer.current)
    if (!dirty.current) return
    dirty.current = false
    latest.current.save(latest.current.text)
  }
  const flushed = useRef(flush)
  flushed.current = flush
  useEffect(() => () => flushed.current(), [])
  return {
    value: text,
    onChange: (e: { target: { value: string } }) => {
      setText(e.target.value)
      dirty.current = true
      clearTimeout(timer.current)
      timer.current = setTimeout(() => flushed.current(), 1_200)
    },
    onBlur: flush,
  }
}

function Verdicts({ item, answer, can, onAnswer }: Props) {
  const t = useWords(words)
  const text = useText()
  const value = answer?.value
  const button = (verdict: 'pass' | 'fail' | 'na', Icon: typeof CircleX) => (
    <button
      type="button"
      data-verdict={verdict}
      aria-pressed={value === verdict}
      aria-label={`${text(item.label)} ${t(verdict)}`}
      disabled={!can}
      // A second tap takes it back.
      onClick={() => onAnswer({ value: value === verdict ? null : verdict })}
    >
      <Icon className="zc-icon" size={22} aria-hidden />
      {t(verdict)}
    </button>
  )
  return (
    <div className="zc-verdicts">
      {button('pass', CircleCheck)}
      {button('fail', CircleX)}
      {button('na', CircleMinus)}
    </div>
  )
}

function NumberField({ id, item, answer, can, onAnswer }: Props) {
  const t = useWords(words)
  const limits = limitsOf(item)
  const stored = typeof answer?.value === 'number' ? String(answer.value) : ''
  const typed = useTyped(stored, (raw) => {
    const text = raw.trim().replace(',', '.').replace('。', '.')
    const value = text === '' ? null : Number(text)
    if (value === null || Number.isFinite(value)) onAnswer({ value })
  })
  const out = verdictOf(item, typed.value.trim() === '' ? null : Number(typed.value)) === 'fail'
  return (
    <>
      <div className="zc-number">
        <input
          className="zc-input"
          inputMode="decimal"
          autoComplete="off"
          aria-labelledby={`${id}-label`}
          aria-describedby={limits ? `${id}-limits` : undefined}
          placeholder={t('number')}
          disabled={!can}
          {...typed}
        />
        {item.unit && <span className="unit">{item.unit}</span>}
      </div>
      {limits && (
        <p className="limits" id={`${id}-limits`} data-out={out || undefined}>
          {t(out ? 'out' : 'limits', { limits: item.unit ? `${limits} ${item.unit}` : limits })}
        </p>
      )}
    </>
  )
}

function TextField({ id, answer, can, onAnswer }: Props) {
  const t = useWords(words)
  const typed = useTyped(typeof answer?.value === 'string' ? answer.value : '', (text) =>
    onAnswer({ value: text.trim() === '' ? null : text.trim() }),
  )
  return (
    <textarea
      className="zc-input"
      rows={3}
      maxLength={2000}
      aria-labelledby={`${id}-label`}
      placeholder={t('text.hint')}
      disabled={!can}
      {...typed}
    />
  )
}

function Photos({ visit, item, answer, can, onAnswer }: Props) {
  const t = useWords(words)
  const text = useText()
  const { photos, add } = usePhotos(visit)
  const ids = Array.isArray(answer?.value) ? (answer.value as string[]) : []
  return (
    <>
      {ids.length > 0 && (
        <div className="shots">
          {ids.map((id, n) => {
            const local = photos.find((p) => p.id === id)
            const stored = visit.evidence.find((e) => e.id === id)
            const url = stored?.thumbUrl ?? local?.url
            return (
              <figure key={id} className="zc-shot">
                {url ? (
                  <img src={url} alt={t('photo.alt', { item: text(item.label), n: n + 1 })} />
                ) : (
                  <figcaption className="zc-note">{t('photo.waiting')}</figcaption>
                )}
                {can && (
                  <button
                    type="button"
                    aria-label={t('photo.remove')}
                    onClick={() => {
                      const rest = ids.filter((x) => x !== id)
                      onAnswer({ value: rest.length > 0 ? rest : null })
                    }}
                  >
                    <X className="zc-icon" size={20} />
                  </button>
                )}
              </figure>
            )
          })}
        </div>
      )}
      {can && (
        <PhotoButtons
          onAdd={(files, fromCamera) =>
            void add(files, fromCamera).then((made) => made.length > 0 && onAnswer({ value: [...ids, ...made] }))
          }
        />
      )}
    </>
  )
}

function Scan({ item, answer, can, onAnswer }: Props) {
  const t = useWords(words)
  const text = useText()
  const [open, setOpen] = useState(false)
  const value = typeof answer?.value === 'string' ? answer.value : ''
  return (
    <>
      <div className="zc-scanned">
        {value && <b>{value}</b>}
        {can && (
          <button type="button" className="zc-btn big" onClick={() => setOpen(true)}>
            <ScanLine className="zc-icon" size={22} aria-hidden /> {t(value ? 'scan.again' : 'scan')}
          </button>
        )}
      </div>
      {open && (
        <Suspense>
          <ScanSheet
            title={text(item.label)}
            onClose={() => setOpen(false)}
            onCode={(code) => {
              setOpen(false)
              onAnswer({ value: code })
            }}
          />
        </Suspense>
      )}
    </>
  )
}

function Signature({ visit, item, answer, can, onAnswer }: Props) {
  const t = useWords(words)
  const text = useText()
  const [open, setOpen] = useState(false)
  const signed = answer?.value as { evidenceId: string; name: string } | null | undefined
  return (
    <>
      <div className="zc-scanned">
        {signed && <b>{t('sign.done', { name: signed.name })}</b>}
        {can && (
          <button type="button" className="zc-btn big" onClick={() => setOpen(true)}>
            <PenLine className="zc-icon" size={22} aria-hidden /> {t(signed ? 'sign.again' : 'sign')}
          </button>
        )}
      </div>
      {open && (
        <Suspense>
          <SignItem
            visit={visit}
            title={text(item.label)}
            onClose={() => setOpen(false)}
            onSigned={(value) => {
              setOpen(false)
              onAnswer({ value })
            }}
          />
        </Suspense>
      )}
    </>
  )
}

function Note({ answer, can, failed, onAnswer }: Props & { failed: boolean }) {
  const t = useWords(words)
  const label = useId()
  const [open, setOpen] = useState(false)
  const typed = useTyped(answer?.note ?? '', (text) => onAnswer({ note: text.trim() || null }))
  if (!answer?.note && !open && !failed)
    return can ? (
      <button type="button" className="zc-btn quiet" onClick={() => setOpen(true)}>
        {t('note.add')}
      </button>
    ) : null
  return (
    <label className="zc-field-row">
      <span id={label}>{t('note.label')}</span>
      <textarea
        className="zc-input"
        rows={2}
        maxLength={1000}
        placeholder={t('note.hint')}
        disabled={!can}
        aria-labelledby={label}
        {...typed}
      />
    </label>
  )
}

const fields = {
  passFail: Verdicts,
  number: NumberField,
  text: TextField,
  photo: Photos,
  scan: Scan,
  signature: Signature,
}

/** One item: the question, the answer in the largest form that fits, and what follows from a fail. */
export function CheckItem(props: Props) {
  const { id, item, answer, can, onAnswer, onFollowUp } = props
  const t = useWords(words)
  const text = useText()
  const f = useFormat(props.visit.site?.zone)
  const failed = verdictOf(item, answer?.value ?? null) === 'fail'
  const Field = item.kind === 'choice' ? null : fields[item.kind]
  return (
    <article className="zc-check" data-item={id} tabIndex={-1}>
      <h3 className="ask" id={`${id}-label`}>
        {text(item.label)}
        {item.required && <i>{t('required')}</i>}
      </h3>
      {item.hint && <p className="hint">{text(item.hint)}</p>}
      {item.kind === 'choice' ? (
        <Chips
          name={id}
          label=""
          options={(item.options ?? []).map((o) => [o.value, text(o.label)] as const)}
          value={typeof answer?.value === 'string' ? answer.value : null}
          onChange={(value) => can && onAnswer({ value })}
        />
      ) : (
        Field && <Field {...props} />
      )}
      {item.kind !== 'text' && <Note {...props} failed={failed} />}
      {failed &&
        item.onFail &&
        (answer?.followUp ? (
          <p className="zc-follow">
            <ClipboardPlus className="zc-icon" size={20} aria-hidden />
            {t('follow.done', { title: answer.followUp.title })}
            {answer.followUp.number && t('follow.number', { number: answer.followUp.number })}
          </p>
        ) : (
          can && (
            <button type="button" className="zc-btn big" onClick={onFollowUp}>
              <ClipboardPlus className="zc-icon" size={22} aria-hidden /> {t('follow.propose')}
            </button>
          )
        ))}
      {answer && answer.value !== null && (
        <p className="who">{t('by', { name: answer.by.name, time: f.when(answer.at) })}</p>
      )}
    </article>
  )
}
