import { Search, X } from 'lucide-react'
import { type ReactNode, useId, useMemo, useState } from 'react'
import type { ReplicaRows } from '#contracts/replica'
import { useWords } from '../../common/i18n/words'
import { useMe } from '../../common/session'
import { Empty, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { useRows, useStatus } from '../../offline'
import type { VisitFull } from '../../offline/visits'
import { usePhotos } from '../photos/hooks'
import { FullNote, LocalTile, PhotoButtons } from '../photos/PhotoGrid'
import { Link } from '../router'
import { FieldBar } from '../shell/Shell'
import { useVisit } from '../visit/data'
import '../visit/visit.css'
import { words as visitWords } from '../visit/words'
import './requests.css'
import { words } from './words'

export function Field({
  label,
  value,
  onChange,
  hint,
  rows = 3,
  max = 500,
}: {
  label: string
  value: string
  onChange: (v: string) => void
  hint?: string
  rows?: number
  max?: number
}) {
  const id = useId()
  return (
    <div className="zc-field-row">
      <label htmlFor={id}>{label}</label>
      {rows === 1 ? (
        <input
          id={id}
          className="zc-input"
          maxLength={max}
          value={value}
          placeholder={hint}
          onChange={(e) => onChange(e.target.value)}
        />
      ) : (
        <textarea
          id={id}
          className="zc-input"
          rows={rows}
          maxLength={max}
          value={value}
          placeholder={hint}
          onChange={(e) => onChange(e.target.value)}
        />
      )}
    </div>
  )
}

/** Photos that go along: taken here, kept here, and evidence of the visit like every other. */
export function Photos({
  visit,
  ids,
  onChange,
}: {
  visit: VisitFull
  ids: string[]
  onChange: (ids: string[]) => void
}) {
  const t = useWords(words)
  const { photos, add } = usePhotos(visit)
  const chosen = photos.filter((p) => ids.includes(p.id))
  return (
    <section className="zc-part">
      <header>
        <h2>{t('photos')}</h2>
      </header>
      {chosen.length > 0 && (
        <div className="zc-tiles">
          {chosen.map((p) => (
            <LocalTile key={p.id} photo={p} />
          ))}
        </div>
      )}
      <FullNote />
      <PhotoButtons
        onAdd={(files, fromCamera) => void add(files, fromCamera).then((made) => onChange([...ids, ...made]))}
      />
    </section>
  )
}

/** Photos that stand with a request or a handover; their own address, for the visit may be somebody else's. */
export function Shown({
  photos,
  base,
  label,
}: {
  photos: readonly { id: string; stored: boolean }[]
  base: string
  label: string
}) {
  const stored = photos.filter((p) => p.stored)
  if (stored.length === 0) return null
  return (
    <div className="zc-tiles">
      {stored.map((p) => (
        <a key={p.id} className="zc-tile" href={`${base}/${p.id}`} target="_blank" rel="noreferrer" aria-label={label}>
          <img src={`${base}/${p.id}?size=thumb`} alt="" loading="lazy" />
        </a>
      ))}
    </div>
  )
}

type Colleague = ReplicaRows['colleague']

/** One of the colleagues, by name or by what they know. */
export function PickColleague({
  value,
  onChange,
  label,
}: {
  value: string | null
  onChange: (id: string | null) => void
  label: string
}) {
  const t = useWords(words)
  const me = useMe()
  const all = useRows('colleague')
  const [q, setQ] = useState('')
  const found = useMemo(() => {
    const s = q.trim().toLowerCase()
    const hit = (c: Colleague) =>
      s === '' || c.name.toLowerCase().includes(s) || c.skills.some((k) => k.name.toLowerCase().includes(s))
    // One's own team first: those are the ones who know the customer and are near.
    const far = (c: Colleague) => Number(c.teamName !== me.teamName)
    return all
      .filter(hit)
      .sort((a, b) => far(a) - far(b) || a.name.localeCompare(b.name, 'zh'))
      .slice(0, 30)
  }, [all, q, me.teamName])
  const chosen = all.find((c) => c.id === value)
  if (chosen)
    return (
      <div className="zc-field-row">
        <span>{label}</span>
        <div className="zc-chosen">
          <Who colleague={chosen} />
          <button type="button" className="zc-btn quiet icon" aria-label={`${label} ×`} onClick={() => onChange(null)}>
            <X className="zc-icon" size={22} />
          </button>
        </div>
      </div>
    )
  return (
    <div className="zc-field-row">
      <span>{label}</span>
      <label className="zc-find">
        <Search className="zc-icon" size={20} aria-hidden />
        <input
          className="zc-input"
          type="search"
          aria-label={t('handover.find')}
          placeholder={t('handover.find')}
          value={q}
          onChange={(e) => setQ(e.target.value)}
        />
      </label>
      <ul className="zc-people" aria-label={label}>
        {found.map((c) => (
          <li key={c.id}>
            <button type="button" onClick={() => onChange(c.id)}>
              <Who colleague={c} />
            </button>
          </li>
        ))}
        {found.length === 0 && <li className="zc-note">{t('handover.nobody')}</li>}
      </ul>
    </div>
  )
}

function Who({ colleague: c }: { colleague: Colleague }) {
  return (
    <span className="zc-who">
      <b className="zc-clip">{c.name}</b>
      <small className="zc-clip">
        {[c.teamName, ...c.skills.slice(0, 3).map((s) => `${s.name} ${s.level}`)].filter(Boolean).join(' · ')}
      </small>
    </span>
  )
}

/** A page about one visit: its name on top, what to do when it cannot be found, and the form itself. */
export function OfVisit({
  id,
  title,
  children,
}: {
  id: string
  title: string
  children: (visit: VisitFull) => ReactNode
}) {
  const v = useWords(visitWords)
  const visit = useVisit(id)
  return (
    <>
      <FieldBar title={title} back={`/m/visits/${id}`} />
      {visit.data ? (
        children(visit.data)
      ) : visit.isError ? (
        <Empty
          title={v('gone')}
          action={
            <Link className="zc-btn" to="/m/today">
              {v('gone.home')}
            </Link>
          }
        >
          {v('gone.text')}
        </Empty>
      ) : (
        <Loading shape="cards" lines={3} />
      )}
    </>
  )
}

/** Says what became of what was sent: at once on its way, or kept until there is a network. */
export function useSaid(): () => void {
  const t = useWords(words)
  const { contact } = useStatus()
  return () => toast(t(contact === false ? 'sent.later' : 'sent'))
}
