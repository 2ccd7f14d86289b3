import { useWords } from '../../common/i18n/words'
import { useMe } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import { Thread } from '../../common/Thread'
import { usePageParams } from '../router'
import { FieldBar } from '../shell/Shell'
import { useVisit } from './data'
import './visit.css'
import { words } from './words'

/** The thread of the order: where dispatch, service, product and field talk. */
export default function ThreadPage() {
  const t = useWords(words)
  const me = useMe()
  const { id = '' } = usePageParams('/m/visits/:id/thread')
  const visit = useVisit(id)
  return (
    <>
      <FieldBar title={visit.data?.title ?? t('thread.title')} back={`/m/visits/${id}`} />
      {visit.isError ? (
        <ErrorState error={visit.error} onRetry={() => void visit.refetch()} />
      ) : visit.data ? (
        <div className="zc-threadpage">
          <Thread kind="order" id={visit.data.orderId} zone={visit.data.site?.zone ?? me.zone} />
        </div>
      ) : (
        <Loading lines={4} />
      )}
    </>
  )
}
