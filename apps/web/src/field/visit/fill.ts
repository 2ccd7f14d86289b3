import { useCallback, useEffect, useRef, useState } from 'react'
import type { Reply } from '../../common/api/call'
import { useMe } from '../../common/session'
import { recallJson, remember } from '../../common/storage'
import { useAct, useItems } from '../../offline'
import { isPending } from '../../offline/outbox'

export type Document = Reply<'GET /api/documents/:id'>
export type Template = Document['template']
export type Field = Template['body']['sections'][number]['fields'][number]
export type Values = Record<string, unknown>
export type SaveState = { state: 'saved' | 'saving' | 'kept' } | { state: 'refused'; why: string }

/**
 * Fills a document field by field: every keystroke is in the browser's storage at once, and in the outbox as soon as the
 * hand rests. Fields that nobody touched here are never sent, so that two people fill without losing either's words.
 */
export function useFill(doc: Document) {
  const me = useMe().id
  const run = useAct()
  const items = useItems()
  const key = `zc.draft.doc.${me}.${doc.id}`
  const [dirty, setDirty] = useState<Values>(() => recallJson<Values>(key) ?? {})
  const latest = useRef(dirty)
  // What each field held when it was begun to be changed: should a colleague have changed it since, both are shown.
  const seen = useRef<Values>(recallJson<Values>(`${key}.seen`) ?? {})
  const [problem, setProblem] = useState<string>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const keep = useCallback(
    (next: Values) => {
      latest.current = next
      seen.current = Object.fromEntries(Object.entries(seen.current).filter(([field]) => field in next))
      setDirty(next)
      const some = Object.keys(next).length > 0
      remember(key, some ? JSON.stringify(next) : null)
      remember(`${key}.seen`, some ? JSON.stringify(seen.current) : null)
    },
    [key],
  )
  const flush = useCallback(async () => {
    clearTimeout(timer.current)
    const values = latest.current
    if (Object.keys(values).length === 0) return
    const base = seen.current
    try {
      await run('document.fill', doc.id, { values, base })
      setProblem(undefined)
      const rest = stillDirty(latest.current, values)
      // A field that was typed on was last seen as it has just been sent.
      for (const field of Object.keys(rest)) if (field in values) seen.current[field] = values[field]
      keep(rest)
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
  }, [doc.id, keep, run])

  const shown = useRef(doc.values)
  shown.current = doc.values
  const set = useCallback(
    (field: string, value: unknown) => {
      if (!(field in latest.current)) seen.current[field] = shown.current[field] ?? null
      keep({ ...latest.current, [field]: value })
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void flush(), 700)
    },
    [keep, flush],
  )
  useEffect(() => {
    void flush()
    return () => void flush()
  }, [flush])

  const mine = items.filter((i) => i.command === 'document.fill' && i.subject === doc.id)
  const refused = mine.findLast((i) => i.state === 'refused' && !i.settled)
  const save: SaveState = problem
    ? { state: 'refused', why: problem }
    : refused
      ? { state: 'refused', why: refused.problem?.title ?? '' }
      : Object.keys(dirty).length > 0 || mine.some((i) => i.state === 'sending')
        ? { state: 'saving' }
        : { state: mine.some(isPending) ? 'kept' : 'saved' }
  return { values: { ...doc.values, ...dirty } as Values, set, flush, save }
}

/** What is left to keep after it was put away: fields typed on since then stay. */
export function stillDirty(now: Values, sent: Values): Values {
  return Object.fromEntries(
    Object.entries(now).filter(([k, v]) => !(k in sent) || JSON.stringify(sent[k]) !== JSON.stringify(v)),
  )
}

/** `a.b.c` of the facts. */
export function factAt(facts: Values, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (at && typeof at === 'object' ? (at as Values)[key] : undefined), facts)
}
