import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { call, type Reply } from './api/call'
import { useCall } from './api/query'
import { useMe } from './session'
import { ErrorState, Loading } from './states'
import { ThreadView } from './ThreadView'

type Kind = 'order' | 'visit' | 'project'
type Message = Reply<'GET /api/threads/:kind/:id'>['messages'][number]

async function sha256(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, '0')).join('')
}

/** The thread of an order, visit or project: loads, follows live, marks as read, sends text, photos and mentions. */
export function Thread({ kind, id, zone }: { kind: Kind; id: string; zone?: string }) {
  const me = useMe()
  const client = useQueryClient()
  const thread = useCall(
    'GET /api/threads/:kind/:id',
    { params: { kind, id } },
    {
      watch: [
        { aggregate: 'thread', id },
        { aggregate: kind, id },
      ],
    },
  )
  const [older, setOlder] = useState<{ of: string; messages: Message[]; earlier: string | null }>()
  const pages = older?.of === id ? older : undefined
  const people = useCallback(
    async (q: string) =>
      (await call('GET /api/threads/:kind/:id/people', { params: { kind, id }, query: q ? { q } : {} })).people,
    [kind, id],
  )
  const unread = thread.data?.unread ?? 0
  useEffect(() => {
    // Read means seen: a tab in the background has seen nothing.
    if (!unread || document.visibilityState !== 'visible') return
    call('POST /api/threads/:kind/:id/read', { params: { kind, id }, body: {} }).catch(() => {})
  }, [unread, kind, id])

  if (thread.isError) return <ErrorState error={thread.error} onRetry={() => void thread.refetch()} />
  if (!thread.data) return <Loading lines={4} />
  const { data } = thread
  const earlier = pages ? pages.earlier : data.earlier
  return (
    <ThreadView
      draftKey={`${me.id}.${kind}.${id}`}
      messages={[...(pages?.messages ?? []), ...data.messages]}
      reads={data.reads}
      zone={zone}
      people={people}
      onEarlier={
        earlier
          ? async () => {
              const page = await call('GET /api/threads/:kind/:id', {
                params: { kind, id },
                query: { before: earlier },
              })
              setOlder({ of: id, messages: [...page.messages, ...(pages?.messages ?? [])], earlier: page.earlier })
            }
          : undefined
      }
      onSend={
        data.can.write === false
          ? null
          : async (message) => {
              const photos: string[] = []
              for (const file of message.photos) {
                const hash = await sha256(file)
                await call('PUT /api/thread-photos/:sha256', { params: { sha256: hash }, raw: file })
                photos.push(hash)
              }
              await call('POST /api/threads/:kind/:id/messages', {
                params: { kind, id },
                body: { id: message.id, body: message.body, mentions: message.mentions, photos },
                commandId: message.id,
              })
              await client.invalidateQueries({ queryKey: ['GET /api/threads/:kind/:id', { params: { kind, id } }] })
            }
      }
    />
  )
}
