import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Reply } from '../../common/api/call'
import { asApiError } from '../../common/api/problem'
import { useMe } from '../../common/session'
import { recallJson, remember } from '../../common/storage'
import { useAct } from '../act'

export type Document = Reply<'GET /api/documents/:id'>
export type Template = Document['template']
export type Field = Template['body']['sections'][number]['fields'][number]
export type Values = Record<string, unknown>
export type SaveState = { state: 'saved' | 'saving' | 'kept' } | { state: 'refused'; why: string }

/** What is left to save after an answer: fields typed on since then stay. */
export function stillDirty(now: Values, sent: Values): Values {
  return Object.fromEntries(
    Object.entries(now).filter(([k, v]) => !(k in sent) || JSON.stringify(sent[k]) !== JSON.stringify(v)),
  )
}

/**
 * Fills a document field by field: every keystroke is in the browser's storage at once and on the server within a
 * second; without a network it goes when there is one. Fields that nobody touched here are never sent.
 */
export function useFill(doc: Document) {
  const me = useMe().id
  const run = useAct()
  const client = useQueryClient()
  const key = `zc.draft.doc.${me}.${doc.id}`
  const [dirty, setDirty] = useState<Values>(() => recallJson<Values>(key) ?? {})
  const latest = useRef(dirty)
  const [save, setSave] = useState<SaveState>(() => ({ state: Object.keys(dirty).length ? 'kept' : 'saved' }))
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const sending = useRef(false)

  const keep = useCallback(
    (next: Values) => {
      latest.current = next
      setDirty(next)
      remember(key, Object.keys(next).length ? JSON.stringify(next) : null)
    },
    [key],
  )
  const flush = useCallback(async () => {
    clearTimeout(timer.current)
    if (sending.current) return
    const values = latest.current
    if (Object.keys(values).length === 0) return
    sending.current = true
    setSave({ state: 'saving' })
    try {
      const saved = (await run('document.fill', doc.id, { values })) as Document
      client.setQueryData(['GET /api/documents/:id', { params: { id: doc.id } }], saved)
      const rest = stillDirty(latest.current, values)
      keep(rest)
      setSave({ state: Object.keys(rest).length ? 'saving' : 'saved' })
      if (Object.keys(rest).length) timer.current = setTimeout(() => void flush(), 300)
    } catch (error) {
      const e = asApiError(error)
      setSave(
        e.status >= 400 && e.status < 500 && e.status !== 401 && e.status !== 429
          ? { state: 'refused', why: e.title }
          : { state: 'kept' },
      )
    } finally {
      sending.current = false
    }
  }, [client, doc.id, keep, run])

  const set = useCallback(
    (field: string, value: unknown) => {
      keep({ ...latest.current, [field]: value })
      setSave({ state: 'saving' })
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void flush(), 700)
    },
    [keep, flush],
  )
  useEffect(() => {
    // What an earlier page could not send goes now, and whenever there may be a network again.
    void flush()
    const again = () => void flush()
    window.addEventListener('online', again)
    const every = setInterval(again, 15_000)
    return () => {
      window.removeEventListener('online', again)
      clearInterval(every)
      void flush()
    }
  }, [flush])

  return { values: { ...doc.values, ...dirty } as Values, set, flush, save }
}

/** `a.b.c` of the facts. */
export function factAt(facts: Values, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (at && typeof at === 'object' ? (at as Values)[key] : undefined), facts)
}
