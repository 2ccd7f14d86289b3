import { useParams } from '@tanstack/react-router'
import { ReportDetail } from './ReportDetail'
import { Tabs } from './Tabs'

/** A report by its id, as a notice leads to it. */
export default function OneReport() {
  const { id } = useParams({ strict: false }) as { id: string }
  return (
    <div className="reports-page">
      <Tabs at="day" />
      <ReportDetail key={id} id={id} />
    </div>
  )
}
