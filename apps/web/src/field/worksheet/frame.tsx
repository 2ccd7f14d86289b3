import type { ReactNode } from 'react'
import { useWords } from '../../common/i18n/words'
import { Empty, ErrorState, Loading } from '../../common/states'
import type { VisitFull } from '../../offline/visits'
import { Link } from '../router'
import { FieldBar } from '../shell/Shell'
import { useVisit } from '../visit/data'
import '../visit/visit.css'
import { type Sheet, useSheet } from './data'
import './work.css'
import { words } from './words'

/** A page of a visit's worksheet with its loading, missing and broken states. */
export function SheetPage({
  id,
  title,
  children,
}: {
  id: string
  title: string
  children: (o: { visit: VisitFull; sheet: Sheet }) => ReactNode
}) {
  const t = useWords(words)
  const visit = useVisit(id)
  const sheet = useSheet(id)
  const back = `/m/visits/${id}`
  const error = visit.error ?? sheet.error
  const bar = <FieldBar title={title} back={back} />
  if (visit.data && sheet.data) return <>{children({ visit: visit.data, sheet: sheet.data })}</>
  if (visit.data && sheet.data === null)
    return (
      <>
        {bar}
        <Empty
          title={t('none')}
          action={
            <Link className="zc-btn" to={back}>
              {t('back')}
            </Link>
          }
        >
          {t('none.text')}
        </Empty>
      </>
    )
  if (visit.isError || sheet.isError)
    return (
      <>
        {bar}
        <ErrorState
          error={error}
          onRetry={() => {
            void visit.refetch()
            void sheet.refetch()
          }}
        />
      </>
    )
  return (
    <>
      {bar}
      <Loading shape="cards" lines={3} />
    </>
  )
}
