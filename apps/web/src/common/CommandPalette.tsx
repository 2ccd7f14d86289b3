// biome-ignore-all lint/a11y/useSemanticElements: a listbox with icons and notes is no <select>.
// biome-ignore-all lint/a11y/useFocusableInteractive: the input has the focus and names the active one (aria-activedescendant).
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keyboard is handled once, on the dialog.
import { ArrowRight, type LucideIcon, Search } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import './dialogs.css'
import { words } from './dialogs.words'
import { useWords } from './i18n/words'
import { useModal } from './modal'

/** One thing that Ctrl+K offers. */
export type Command = {
  id: string
  label: string
  /** Second line: customer, team, number. */
  note?: string
  /** Heading it stands under. */
  group?: string
  icon?: LucideIcon
  /** More words it is found by (pinyin, English). */
  keywords?: string
  run: () => void
}

/** Ranks commands: every typed word must occur; a beginning counts more than a middle. */
export function rank(commands: Command[], text: string): Command[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (!wanted.length) return commands
  return commands
    .map((command) => {
      const label = command.label.toLowerCase()
      const all = `${label} ${command.note ?? ''} ${command.keywords ?? ''}`.toLowerCase()
      let score = 0
      for (const word of wanted) {
        if (label.startsWith(word)) score += 3
        else if (label.includes(word)) score += 2
        else if (all.includes(word)) score += 1
        else return { command, score: 0 }
      }
      return { command, score }
    })
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score)
    .map((one) => one.command)
}

/** Opens with Ctrl+K / ⌘K anywhere. Returns the state for `CommandPalette`. */
export function usePaletteKey(): [boolean, (open: boolean) => void] {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (e.key.toLowerCase() !== 'k' || !(e.ctrlKey || e.metaKey) || e.isComposing) return
      e.preventDefault()
      setOpen((now) => !now)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return [open, setOpen]
}

/** Search and commands in one box; `search` is asked 120 ms after the last letter, the one before is aborted. */
export function CommandPalette({
  open,
  onClose,
  commands,
  search,
}: {
  open: boolean
  onClose: () => void
  commands: Command[]
  search?: (text: string, signal: AbortSignal) => Promise<Command[]>
}) {
  const t = useWords(words)
  const ref = useRef<HTMLDialogElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const [text, setText] = useState('')
  const [found, setFound] = useState<Command[]>([])
  const [searching, setSearching] = useState(false)
  const [at, setAt] = useState(0)
  useModal(ref, open)

  useEffect(() => {
    if (open) return
    setText('')
    setFound([])
    setAt(0)
  }, [open])
  useEffect(() => {
    const wanted = text.trim()
    if (!search || !wanted) {
      setFound([])
      setSearching(false)
      return
    }
    const abort = new AbortController()
    setSearching(true)
    const timer = setTimeout(() => {
      search(wanted, abort.signal)
        .then(setFound, () => {})
        .finally(() => !abort.signal.aborted && setSearching(false))
    }, 120)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [text, search])

  const shown = useMemo(() => [...rank(commands, text), ...found].slice(0, 60), [commands, text, found])
  const current = Math.min(at, shown.length - 1)
  const run = (command: Command | undefined) => {
    if (!command) return
    onClose()
    command.run()
  }
  const move = (by: number) => {
    const next = (current + by + shown.length) % Math.max(1, shown.length)
    setAt(next)
    list.current?.querySelector(`[data-at="${next}"]`)?.scrollIntoView({ block: 'nearest' })
  }

  return (
    <dialog
      ref={ref}
      className="zc-palette"
      aria-label={t('palette.label')}
      onCancel={(e) => {
        e.preventDefault()
        onClose()
      }}
      onClick={(e) => e.target === ref.current && onClose()}
      onKeyDown={(e) => {
        // While an input method composes, Enter and the arrows belong to it.
        if (e.nativeEvent.isComposing) return
        if (e.key === 'ArrowDown') move(1)
        else if (e.key === 'ArrowUp') move(-1)
        else if (e.key === 'Enter') run(shown[current])
        else return
        e.preventDefault()
      }}
    >
      {open && (
        <>
          <div className="ask">
            <Search className="zc-icon" size={18} aria-hidden />
            <input
              autoFocus
              role="combobox"
              aria-expanded
              aria-controls="zc-palette-list"
              aria-activedescendant={shown[current] ? `zc-palette-${current}` : undefined}
              aria-label={t('palette.label')}
              placeholder={t('palette.placeholder')}
              value={text}
              onChange={(e) => {
                setText(e.target.value)
                setAt(0)
              }}
            />
            <kbd>Esc</kbd>
          </div>
          <div className="found" id="zc-palette-list" role="listbox" aria-label={t('palette.label')} ref={list}>
            {shown.map((command, i) => {
              const Icon = command.icon ?? ArrowRight
              return (
                <div key={command.id}>
                  {command.group && command.group !== shown[i - 1]?.group && (
                    <div className="group" role="presentation">
                      {command.group}
                    </div>
                  )}
                  <div
                    role="option"
                    id={`zc-palette-${i}`}
                    data-at={i}
                    aria-selected={i === current}
                    onMouseMove={() => setAt(i)}
                    onClick={() => run(command)}
                  >
                    <Icon className="zc-icon" size={16} aria-hidden />
                    <span className="zc-clip">{command.label}</span>
                    {command.note && <small className="zc-clip">{command.note}</small>}
                  </div>
                </div>
              )
            })}
          </div>
          {!shown.length && text.trim() && (
            <div className="none" role="status">
              {searching ? t('palette.searching') : t('palette.none', { text: text.trim() })}
            </div>
          )}
          <div className="hint" aria-hidden>
            <span>
              <kbd>↑</kbd> <kbd>↓</kbd> {t('palette.move')}
            </span>
            <span>
              <kbd>↵</kbd> {t('palette.open')}
            </span>
          </div>
        </>
      )}
    </dialog>
  )
}
