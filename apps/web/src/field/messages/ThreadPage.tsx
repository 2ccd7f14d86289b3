import { useCall } from '../../common/api/query'
import { useWords } from '../../common/i18n/words'
import { useMe } from '../../common/session'
import { Thread } from '../../common/Thread'
import { usePageParams } from '../router'
import { FieldBar } from '../shell/Shell'
import '../visit/visit.css'
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
  return (
    <>
      <FieldBar title={thread.data?.title ?? t('thread')} back="/m/messages" />
      <div className="zc-threadpage">
        <Thread kind={params.kind} id={id} zone={me.zone} />
      </div>
    </>
  )
}
