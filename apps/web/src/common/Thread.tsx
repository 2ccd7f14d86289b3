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

export type Post = { id: string; body: string; mentions: string[]; photos: string[] }

/**
 * The thread of an order, visit or project: loads, follows live, marks as read, sends text, photos and mentions. A face
 * with an outbox gives its own `post`, and as `pending` what has not reached the server.
 */
export function Thread({
  kind,
  id,
  zone,
  post,
  pending = [],
}: {
  kind: Kind
  id: string
  zone?: string
  post?: (message: Post) => Promise<unknown>
  pending?: readonly Message[]
}) {
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

  if (thread.isError && !thread.data) return <ErrorState error={thread.error} onRetry={() => void thread.refetch()} />
  if (!thread.data) return <Loading lines={4} />
  const { data } = thread
  const earlier = pages ? pages.earlier : data.earlier
  return (
    <ThreadView
      draftKey={`${me.id}.${kind}.${id}`}
      messages={[
        ...(pages?.messages ?? []),
        ...data.messages,
        ...pending.filter((m) => !data.messages.some((x) => x.id === m.id)),
      ]}
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
              const body = { id: message.id, body: message.body, mentions: message.mentions, photos }
              if (post) return void (await post(body))
              await call('POST /api/threads/:kind/:id/messages', { params: { kind, id }, body, commandId: message.id })
              await client.invalidateQueries({ queryKey: ['GET /api/threads/:kind/:id', { params: { kind, id } }] })
            }
      }
    />
  )
}
