import { Mic, Square } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { newId } from '../../common/api/call'
import { useDraft } from '../../common/draft'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { useNow } from '../../common/now'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { useAct } from '../../offline'
import type { VisitFull } from '../../offline/visits'
import { useKeepFile, useLocalPhotos } from '../photos/hooks'
import { usePageParams } from '../router'
import { ActionBar, FieldBar } from '../shell/Shell'
import { Sheet as Bottom, Chips } from '../visit/Sheet'
import type { Sheet } from './data'
import { SheetPage } from './frame'
import { useVoice } from './voice'
import { words } from './words'

type Note = Sheet['notes'][number]
type Visibility = Note['visibility']

const clock = (ms: number) => {
  const s = Math.max(0, Math.round(ms / 1000))
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`
}

function Recording({ visit, id }: { visit: VisitFull; id: string }) {
  const t = useWords(words)
  const local = useLocalPhotos().find((p) => p.id === id)
  const stored = visit.evidence.find((e) => e.id === id && e.storedAt)
  const url = stored ? `/api/evidence/${id}/bytes` : local?.url
  if (!url) return <p className="zc-note">{t('notes.audio.waiting')}</p>
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: the note's own text is what was said, where somebody wrote it down. */}
      <audio controls preload="none" src={url} />
      {!stored && <p className="zc-note">{t('notes.audio.waiting')}</p>}
    </>
  )
}

function EditSheet({ sheet, note, onClose }: { sheet: Sheet; note: Note; onClose: () => void }) {
  const t = useWords(words)
  const act = useAct()
  const [text, setText] = useState(note.text)
  const [visibility, setVisibility] = useState<Visibility>(note.visibility)
  return (
    <Bottom
      title={t('notes.edit')}
      onClose={onClose}
      foot={
        <button
          type="button"
          className="zc-btn primary big"
          disabled={text.trim() === '' && !note.audioId}
          onClick={() => {
            void act('worksheet.editNote', sheet.id, { noteId: note.id, text: text.trim(), visibility })
            onClose()
          }}
        >
          {t('save')}
        </button>
      }
    >
      <label className="zc-field-row">
        <span>{t('notes.row')}</span>
        <textarea
          className="zc-input"
          rows={5}
          maxLength={4000}
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
      </label>
      <Who value={visibility} onChange={setVisibility} name="edit-visibility" />
    </Bottom>
  )
}

function Who({ value, onChange, name }: { value: Visibility; onChange: (v: Visibility) => void; name: string }) {
  const t = useWords(words)
  return (
    <Chips
      name={name}
      label={t('notes.visibility')}
      options={[
        ['internal', t('notes.internal')],
        ['customer', t('notes.customer')],
      ]}
      value={value}
      onChange={onChange}
    />
  )
}

function Notes({ visit, sheet }: { visit: VisitFull; sheet: Sheet }) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(visit.site?.zone ?? me.zone)
  const act = useAct()
  const keep = useKeepFile()
  const [draft, setDraft, clear] = useDraft<{ text: string; visibility: Visibility }>(`${me.id}.note.${sheet.id}`, {
    text: '',
    visibility: 'internal',
  })
  const [audio, setAudio] = useState<Blob | null>(null)
  const [before, setBefore] = useState('')
  const [editing, setEditing] = useState<Note | null>(null)
  const voice = useVoice({
    onText: (said) => setDraft({ ...draft, text: [before, said].filter(Boolean).join('\n') }),
    onAudio: setAudio,
  })
  const live = voice.state.at !== 'idle'
  const now = useNow(live ? 1_000 : 60_000)
  const url = useMemo(() => (audio ? URL.createObjectURL(audio) : null), [audio])
  useEffect(() => () => void (url && URL.revokeObjectURL(url)), [url])
  const ready = !live && (draft.text.trim() !== '' || audio !== null)
  const add = async () => {
    const audioId = audio ? await keep(visit, audio, 'audio') : null
    await act('worksheet.note', sheet.id, {
      noteId: newId(),
      text: draft.text.trim(),
      visibility: draft.visibility,
      audioId,
    })
    setAudio(null)
    clear()
  }
  return (
    <>
      <FieldBar title={t('notes.title')} back={`/m/visits/${visit.id}`} />
      <div className="zc-visit">
        {sheet.mayWork && (
          <section className="zc-part">
            <label className="zc-field-row">
              <span>{t(audio ? 'notes.audio.text' : 'notes.placeholder')}</span>
              <textarea
                className="zc-input"
                rows={4}
                maxLength={4000}
                value={draft.text}
                onChange={(e) => setDraft({ ...draft, text: e.target.value })}
              />
            </label>
            {audio && url && (
              <div className="zc-note-row">
                {/* biome-ignore lint/a11y/useMediaCaption: a recording of one's own, not yet written down. */}
                <audio controls src={url} />
                <footer>
                  <span>{t('voice.kept')}</span>
                  <button type="button" className="zc-btn quiet" onClick={() => setAudio(null)}>
                    {t('voice.drop')}
                  </button>
                </footer>
              </div>
            )}
            <div className="zc-voice">
              {live ? (
                <button type="button" className="zc-btn big" onClick={voice.stop}>
                  <Square className="zc-icon" size={20} aria-hidden /> {t('voice.stop')}
                </button>
              ) : (
                <button
                  type="button"
                  className="zc-btn big"
                  onClick={() => {
                    setBefore(draft.text.trim())
                    voice.start()
                  }}
                >
                  <Mic className="zc-icon" size={22} aria-hidden /> {t(voice.writes ? 'voice.start' : 'voice.record')}
                </button>
              )}
              <span className={live ? 'live' : 'zc-note'} role="status">
                {voice.state.at === 'listening' && t('voice.listening')}
                {voice.state.at === 'recording' && t('voice.recording', { time: clock(now - voice.state.since) })}
                {voice.state.at === 'idle' && voice.state.problem && t(`voice.${voice.state.problem}`)}
              </span>
            </div>
            <Who
              name="note-visibility"
              value={draft.visibility}
              onChange={(visibility) => setDraft({ ...draft, visibility })}
            />
          </section>
        )}
        <section className="zc-part">
          {sheet.notes.length === 0 ? (
            <p className="zc-note">{t('notes.empty')}</p>
          ) : (
            [...sheet.notes].reverse().map((n) => (
              <article key={n.id} className="zc-note-row">
                {n.text && <p>{n.text}</p>}
                {n.audioId && <Recording visit={visit} id={n.audioId} />}
                <footer>
                  <Tag quiet meaning={n.visibility === 'customer' ? 'teal' : 'grey'}>
                    {t(n.visibility === 'customer' ? 'notes.customer' : 'notes.internal')}
                  </Tag>
                  <span>{t('by', { name: n.by.name, time: f.when(n.at) })}</span>
                  {sheet.mayWork && n.by.id === me.id && (
                    <button type="button" className="zc-btn quiet" onClick={() => setEditing(n)}>
                      {t('notes.edit')}
                    </button>
                  )}
                </footer>
              </article>
            ))
          )}
        </section>
      </div>
      {sheet.mayWork && (
        <ActionBar>
          <button type="button" className="zc-btn primary big" disabled={!ready} onClick={() => void add()}>
            {t('notes.add')}
          </button>
        </ActionBar>
      )}
      {editing && <EditSheet sheet={sheet} note={editing} onClose={() => setEditing(null)} />}
    </>
  )
}

/** Notes of a visit, typed or spoken. */
export default function NotesPage() {
  const t = useWords(words)
  const { id } = usePageParams('/m/visits/:id/notes')
  return (
    <SheetPage id={id} title={t('notes.title')}>
      {(o) => <Notes {...o} />}
    </SheetPage>
  )
}
