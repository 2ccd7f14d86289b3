import { workFacts } from '#lifecycle/worksheet'
import { useCall } from '../../common/api/query'
import { useWords } from '../../common/i18n/words'
import { Section } from '../../common/PageHeader'
import { WorkFact } from '../../common/paper/WorkFact'
import { Tag } from '../../common/StateTag'
import { useAbility } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import type { Order } from './order'
import { words } from './words'

/** What was done on site, visit by visit, as it is being written: checks, parts, serial numbers, notes. */
export function Worksheets({ order }: { order: Order }) {
  const t = useWords(words)
  const may = useAbility('worksheet.read')
  const sheets = useCall(
    'GET /api/orders/:id/worksheets',
    { params: { id: order.id } },
    { enabled: may, watch: ['worksheet', 'visit'] },
  )
  if (!may) return null
  const rows = (sheets.data?.worksheets ?? []).filter(
    (s) => s.answers.length + s.parts.length + s.serials.length + s.notes.length > 0,
  )
  if (sheets.isError && !sheets.data)
    return (
      <Section title={t('worksheets')}>
        <ErrorState error={sheets.error} onRetry={() => void sheets.refetch()} />
      </Section>
    )
  if (!sheets.data)
    return (
      <Section title={t('worksheets')}>
        <Loading lines={2} />
      </Section>
    )
  if (rows.length === 0) return null
  return (
    <Section title={t('worksheets')} count={rows.length}>
      {rows.map((s) => {
        const facts = workFacts(s)
        const { checks } = s.summary
        return (
          <div key={s.id} className="order-work">
            {checks.total > 0 && (
              <p>
                {t('worksheet.checks', { answered: checks.answered, total: checks.total })}{' '}
                {checks.failed > 0 && <Tag meaning="red">{t('worksheet.failed', { n: checks.failed })}</Tag>}
              </p>
            )}
            <WorkFact
              format="checks"
              value={facts.checks}
              photoUrl={(photo) => `/api/evidence/${photo}/bytes?size=full`}
            />
            <WorkFact format="parts" value={facts.parts} />
            <WorkFact format="serials" value={facts.serials} />
            {s.notes.map((n) => (
              <p key={n.id} className="order-work-note">
                <Tag quiet meaning={n.visibility === 'customer' ? 'teal' : 'grey'}>
                  {t(n.visibility === 'customer' ? 'worksheet.customer' : 'worksheet.internal')}
                </Tag>{' '}
                {n.text || t('worksheet.audio')} <small>{n.by.name}</small>
                {n.audioId && (
                  // biome-ignore lint/a11y/useMediaCaption: the note's own text is what was said, where somebody wrote it down.
                  <audio controls preload="none" src={`/api/evidence/${n.audioId}/bytes`} />
                )}
              </p>
            ))}
          </div>
        )
      })}
    </Section>
  )
}
