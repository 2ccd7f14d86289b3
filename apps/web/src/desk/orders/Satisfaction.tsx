import { useCall } from '../../common/api/query'
import { useFormat } from '../../common/i18n/format'
import { joinList } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { orderWords } from '../../common/order.words'
import { Section } from '../../common/PageHeader'
import { useAbility } from '../../common/session'
import { PlaceLink } from '../PlaceLink'
import { ScoreTag } from '../parts/Score'
import type { Order } from './order'
import { words } from './words'

/** What the customer thought of it. */
export function Satisfaction({ order }: { order: Order }) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const f = useFormat(order.siteZone ?? undefined)
  const may = useAbility('survey.read')
  const mayFollow = useAbility('followup.read')
  const surveys = useCall(
    'GET /api/surveys',
    { query: { orderId: order.id, limit: 20 } },
    { enabled: may && order.survey !== 'none', watch: ['survey', 'followup'] },
  )
  if (!may || order.survey === 'none') return null
  return (
    <Section title={t('satisfaction')}>
      {!surveys.data?.rows.length && <p>{o(`survey.${order.survey}`)}</p>}
      {surveys.data?.rows.map((s) => (
        <div key={s.id} className="order-visit">
          <div className="top">
            {s.score === null ? o(`survey.${s.state}`) : <ScoreTag score={s.score} />}
            <span>{joinList(s.engineers.map((e) => e.name))}</span>
            {s.answeredAt && <small>{f.when(s.answeredAt)}</small>}
            <span className="spacer" />
            {s.followUpId && mayFollow && (
              <PlaceLink to={`/satisfaction/cases/${s.followUpId}`}>{t('survey.followup')}</PlaceLink>
            )}
          </div>
          {s.words && <p className="order-text">{t('survey.words', { text: s.words })}</p>}
        </div>
      ))}
    </Section>
  )
}
