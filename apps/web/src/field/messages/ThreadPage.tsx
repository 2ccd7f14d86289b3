import { useCall } from '../../common/api/query'
import { useWords } from '../../common/i18n/words'
import { useMe } from '../../common/session'
import { type Post, Thread } from '../../common/Thread'
import { useAct, useItems } from '../../offline'
import { usePageParams } from '../router'
import { FieldBar } from '../shell/Shell'
import '../visit/visit.css'

import { isPending } from '../../offline/outbox'
import { words } from './words'

type Kind = 'order' | 'visit' | 'project'

/** One thread with the whole screen. */
export default function ThreadPage() {
  const t = useWords(words)
  const me = useMe()
  const { kind = 'order', id = '' } = usePageParams('/m/messages/:kind/:id')
  const params = { kind: kind as Kind, id }
  // The same answer as the thread's own: only its title is read here.
  const thread = useCall('GET /api/threads/:kind/:id', { params })
  const act = useAct()
  const items = useItems()
  const subject = `${kind}/${id}`
  const author = { id: me.id, name: me.name }
  // Written here and not yet in the answer: waiting, or taken a moment ago.
  const pending = items
    .filter((i) => i.command === 'thread.post' && i.subject === subject && (isPending(i) || i.state === 'taken'))
    .map((i) => {
      const { id: messageId, body } = i.body as Post
      return { id: messageId, author, body, mentions: [], photos: [], writtenAt: i.atDevice, mine: true }
    })
  return (
    <>
      <FieldBar title={thread.data?.title ?? t('thread')} back="/m/messages" />
      <div className="zc-threadpage">
        <Thread
          kind={params.kind}
          id={id}
          zone={me.zone}
          post={(message) => act('thread.post', subject, message, { commandId: message.id })}
          pending={pending}
        />
      </div>
    </>
  )
}
