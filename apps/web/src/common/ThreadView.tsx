import { Camera, MessageCircle, Send, X } from 'lucide-react'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { Avatar } from './Avatar'
import { newId } from './api/call'
import { useDraft } from './draft'
import { useFormat } from './i18n/format'
import { joinList } from './i18n/join'
import { useWords } from './i18n/words'
import { Empty } from './states'
import './Thread.css'
import { words } from './thread.words'

export type Person = { id: string; name: string }
export type ThreadPhoto = { id: string; url: string; thumbUrl: string; width: number; height: number }
export type ThreadMessage = {
  id: string
  author: Person
  body: string
  mentions: Person[]
  photos: ThreadPhoto[]
  writtenAt: string
  mine: boolean
}
export type Outgoing = { id: string; body: string; mentions: string[]; photos: File[] }

/** The word being typed after an @ at the caret, or null. */
export function mentionAt(text: string, caret: number): { from: number; text: string } | null {
  const found = /(^|[\s，。、（(])@([^\s@]{0,20})$/u.exec(text.slice(0, caret))
  return found ? { from: caret - (found[2] as string).length - 1, text: found[2] as string } : null
}

/** Who of the known people is still named in the text: removing the name removes the mention. */
export function mentionedIn(text: string, known: readonly Person[]): string[] {
  return [...new Set(known.filter((p) => text.includes(`@${p.name}`)).map((p) => p.id))]
}

/** Text with its mentions marked and links made; nothing else of the text is ever interpreted. */
function Body({ text, mentions }: { text: string; mentions: Person[] }) {
  const names = mentions.map((m) => `@${m.name}`).sort((a, b) => b.length - a.length)
  const pattern = new RegExp(
    `(https?://[^\\s，。）]+${names.map((n) => `|${n.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`).join('')})`,
    'g',
  )
  return text.split(pattern).map((part, i) => {
    // The pattern has one group: odd parts are matches.
    if (i % 2 === 0) return part
    const key = `${i}:${part}`
    return part.startsWith('@') ? (
      <b key={key} className="mention">
        {part}
      </b>
    ) : (
      <a key={key} href={part} target="_blank" rel="noreferrer noopener">
        {part}
      </a>
    )
  })
}

export type ThreadViewProps = {
  /** Names the draft: kind and id of the subject, and the person's id. */
  draftKey: string
  messages: ThreadMessage[]
  reads?: { person: Person; readAt: string }[]
  /** Earlier messages exist. */
  onEarlier?: () => void
  /** Null: reading only. Rejects with what to show; the draft then stays. */
  onSend: ((message: Outgoing) => Promise<void>) | null
  /** People for @: asked with what was typed. */
  people: (text: string) => Promise<Person[]>
  zone?: string
}

type Draft = { id: string; body: string; known: Person[] }

/** A thread as it looks, without knowing where it comes from: messages, photos, mentions, read marks, a composer that loses nothing. */
export function ThreadView({ draftKey, messages, reads = [], onEarlier, onSend, people, zone }: ThreadViewProps) {
  const t = useWords(words)
  const f = useFormat(zone)
  const list = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLTextAreaElement>(null)
  const empty = useMemo<Draft>(() => ({ id: '', body: '', known: [] }), [])
  const [draft, setDraft, clearDraft] = useDraft<Draft>(`thread.${draftKey}`, empty)
  const [photos, setPhotos] = useState<{ file: File; url: string }[]>([])
  const [problem, setProblem] = useState('')
  const [sending, setSending] = useState(false)
  const [asked, setAsked] = useState<{ from: number; text: string } | null>(null)
  const [offered, setOffered] = useState<Person[]>([])
  const [at, setAt] = useState(0)
  const file = useRef<HTMLInputElement>(null)

  // Follow the newest message only for someone who is reading the newest; the place of anyone else is sacred.
  const atEnd = useRef(true)
  const lastId = messages.at(-1)?.id
  const firstId = messages[0]?.id
  const before = useRef({ firstId, height: 0 })
  useLayoutEffect(() => {
    const el = list.current
    if (!el) return
    if (before.current.firstId !== firstId && before.current.height && !atEnd.current)
      el.scrollTop += el.scrollHeight - before.current.height
    else if (atEnd.current) el.scrollTop = el.scrollHeight
    before.current = { firstId, height: el.scrollHeight }
  }, [firstId, lastId])

  const wanted = asked?.text
  useEffect(() => {
    if (wanted === undefined) return setOffered([])
    let current = true
    const timer = setTimeout(() => {
      people(wanted).then(
        (found) => current && setOffered(found.slice(0, 6)),
        () => current && setOffered([]),
      )
    }, 100)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [wanted, people])

  const change = (body: string, caret: number) => {
    setDraft({ ...draft, id: draft.id || newId(), body })
    setAsked(mentionAt(body, caret))
    setAt(0)
  }
  const mention = (person: Person) => {
    if (!asked) return
    const caret = asked.from + person.name.length + 2
    const body = `${draft.body.slice(0, asked.from)}@${person.name} ${draft.body.slice(asked.from + 1 + asked.text.length)}`
    setDraft({ id: draft.id || newId(), body, known: [...draft.known.filter((p) => p.id !== person.id), person] })
    setAsked(null)
    requestAnimationFrame(() => {
      input.current?.focus()
      input.current?.setSelectionRange(caret, caret)
    })
  }
  const send = async () => {
    if (!onSend || sending || (!draft.body.trim() && !photos.length)) return
    setSending(true)
    setProblem('')
    try {
      // The id belongs to the draft: sent twice, it is still one message.
      await onSend({
        id: draft.id || newId(),
        body: draft.body.trim(),
        mentions: mentionedIn(draft.body, draft.known),
        photos: photos.map((p) => p.file),
      })
      atEnd.current = true
      clearDraft()
      for (const p of photos) URL.revokeObjectURL(p.url)
      setPhotos([])
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    } finally {
      setSending(false)
      input.current?.focus()
    }
  }
  const add = (files: Iterable<File>) => {
    const images = [...files].filter((one) => one.type.startsWith('image/'))
    if (photos.length + images.length > 9) setProblem(t('photo.limit'))
    setPhotos([...photos, ...images.map((one) => ({ file: one, url: URL.createObjectURL(one) }))].slice(0, 9))
  }
  const readers = reads.filter(
    (r) =>
      messages.length && r.readAt >= (messages.at(-1)?.writtenAt ?? '') && r.person.id !== messages.at(-1)?.author.id,
  )

  return (
    <section className="zc-thread" aria-label={t('label')}>
      <div
        className="messages"
        ref={list}
        onScroll={(e) => {
          const el = e.currentTarget
          atEnd.current = el.scrollHeight - el.scrollTop - el.clientHeight < 40
        }}
      >
        {onEarlier && (
          <button type="button" className="zc-btn quiet" onClick={onEarlier}>
            {t('earlier')}
          </button>
        )}
        {!messages.length && (
          <Empty icon={MessageCircle} title={t('empty.title')}>
            {t('empty.text')}
          </Empty>
        )}
        {messages.map((m, i) => {
          const prev = messages[i - 1]
          const joined =
            prev?.author.id === m.author.id && Date.parse(m.writtenAt) - Date.parse(prev.writtenAt) < 300_000
          return (
            <article key={m.id} className={`${m.mine ? 'mine' : ''}${joined ? ' joined' : ''}`}>
              {!joined && <Avatar id={m.author.id} name={m.author.name} size={28} />}
              <div className="said">
                {!joined && (
                  <header>
                    <b>{m.author.name}</b> <time dateTime={m.writtenAt}>{f.when(m.writtenAt)}</time>
                  </header>
                )}
                {m.body && (
                  <p>
                    <Body text={m.body} mentions={m.mentions} />
                  </p>
                )}
                {m.photos.length > 0 && (
                  <div className="photos">
                    {m.photos.map((p) => (
                      <a key={p.id} href={p.url} target="_blank" rel="noreferrer" aria-label={t('photo.open')}>
                        <img
                          src={p.thumbUrl}
                          alt=""
                          loading="lazy"
                          style={{ aspectRatio: `${p.width} / ${p.height}` }}
                        />
                      </a>
                    ))}
                  </div>
                )}
              </div>
            </article>
          )
        })}
        {readers.length > 0 && (
          <small className="reads">
            {readers.length > 3
              ? t('read.more', {
                  names: joinList(readers.slice(0, 2).map((r) => r.person.name)),
                  n: readers.length,
                })
              : t('read', { names: joinList(readers.map((r) => r.person.name)) })}
          </small>
        )}
      </div>
      {onSend ? (
        <form
          className="composer"
          onSubmit={(e) => {
            e.preventDefault()
            void send()
          }}
        >
          {offered.length > 0 && asked && (
            <ul className="offer" aria-label={t('mention')}>
              {offered.map((p, i) => (
                <li key={p.id}>
                  <button
                    type="button"
                    aria-current={i === at}
                    onMouseDown={(e) => e.preventDefault()}
                    onClick={() => mention(p)}
                  >
                    <Avatar id={p.id} name={p.name} size={22} /> {p.name}
                  </button>
                </li>
              ))}
            </ul>
          )}
          {photos.length > 0 && (
            <div className="chosen">
              {photos.map((p) => (
                <span key={p.url}>
                  <img src={p.url} alt={p.file.name} />
                  <button
                    type="button"
                    aria-label={t('photo.remove', { name: p.file.name })}
                    onClick={() => {
                      URL.revokeObjectURL(p.url)
                      setPhotos(photos.filter((one) => one !== p))
                    }}
                  >
                    <X className="zc-icon" size={14} />
                  </button>
                </span>
              ))}
            </div>
          )}
          <textarea
            ref={input}
            className="zc-input"
            rows={2}
            maxLength={4000}
            aria-label={t('placeholder')}
            placeholder={t('placeholder')}
            value={draft.body}
            onChange={(e) => change(e.target.value, e.target.selectionStart)}
            onPaste={(e) => e.clipboardData.files.length && add(e.clipboardData.files)}
            onKeyDown={(e) => {
              if (e.nativeEvent.isComposing) return
              if (offered.length && asked) {
                if (e.key === 'ArrowDown') setAt((at + 1) % offered.length)
                else if (e.key === 'ArrowUp') setAt((at - 1 + offered.length) % offered.length)
                else if (e.key === 'Enter' || e.key === 'Tab') mention(offered[at] as Person)
                else if (e.key === 'Escape') setAsked(null)
                else return
                e.preventDefault()
                e.stopPropagation()
              } else if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
                e.preventDefault()
                void send()
              }
            }}
          />
          <div className="tools">
            <input
              ref={file}
              type="file"
              accept="image/*"
              multiple
              hidden
              onChange={(e) => e.target.files && add(e.target.files)}
            />
            <button
              type="button"
              className="zc-btn quiet icon"
              aria-label={t('photo')}
              title={t('photo')}
              onClick={() => file.current?.click()}
            >
              <Camera className="zc-icon" size={18} />
            </button>
            <small className={problem ? 'problem' : ''} role="status">
              {problem ? t('failed', { why: problem }) : draft.body ? `${t('kept')} · ${t('keys')}` : ''}
            </small>
            <button
              type="submit"
              className="zc-btn primary"
              disabled={sending || (!draft.body.trim() && !photos.length)}
            >
              <Send className="zc-icon" size={15} aria-hidden /> {t(sending ? 'sending' : problem ? 'again' : 'send')}
            </button>
          </div>
        </form>
      ) : (
        <p className="readonly">{t('readonly')}</p>
      )}
    </section>
  )
}
