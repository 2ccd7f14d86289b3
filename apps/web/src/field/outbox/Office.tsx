import { MessageSquareMore, Split } from 'lucide-react'
import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { defineWords, useWords } from '../../common/i18n/words'
import { Tag, useStateName } from '../../common/StateTag'
import { useSaid } from '../../common/said'
import { useMe } from '../../common/session'
import { type Item, useItems, useOffline, useRow, useRows } from '../../offline'
import { wordOf } from '../visit/facts'

export const words = defineWords({
  'zh-CN': {
    discarded: '{name}在 {when} 放弃了这一条',
    settled: '{name}在 {when} 处理了',
    somebody: '调度',
    known: '知道了，从这里拿掉',
    part: '你和同事改到了一起',
    waits: '等调度看',
    field: '同一处内容，两边都改过，较晚的一份生效。',
    event: '传到时这次上门已经是「{state}」，你的操作已经留档，派工会处理。',
    kept: '生效',
    lost: '没有生效',
    by: '{name} · {when}',
  },
  'en-US': {
    discarded: '{name} discarded this at {when}',
    settled: '{name} dealt with it at {when}',
    somebody: 'Dispatch',
    known: 'Understood, remove it',
    part: 'Changed by you and by others',
    waits: 'With dispatch',
    field: 'One thing was changed on both sides; the later one stands.',
    event: 'When it arrived the visit was “{state}”. What you did is kept, dispatch will deal with it.',
    kept: 'Stands',
    lost: 'Does not stand',
    by: '{name} · {when}',
  },
})

/** What the office has decided about an item of this phone: a refusal discarded, a conflict settled, and the words to it. */
export function Decided({ item }: { item: Item }) {
  const t = useWords(words)
  const f = useFormat(useMe().zone)
  const offline = useOffline()
  const refusal = useRow('refusal', item.commandId)
  const settled = useRows('conflict').find((c) => c.commandId === item.commandId && c.settledAt !== null)
  if (item.state === 'refused' && refusal?.state === 'discarded' && refusal.decidedAt)
    return (
      <div className="why">
        <p>
          <MessageSquareMore className="zc-icon" size={16} aria-hidden />{' '}
          {t('discarded', { name: refusal.decidedBy ?? t('somebody'), when: f.when(refusal.decidedAt) })}
          {refusal.note && `：${refusal.note}`}
        </p>
        <button type="button" className="zc-btn" onClick={() => void offline?.discard(item.commandId)}>
          {t('known')}
        </button>
      </div>
    )
  if (item.state === 'conflict' && settled?.settledAt)
    return (
      <p className="zc-note">
        <MessageSquareMore className="zc-icon" size={16} aria-hidden />{' '}
        {t('settled', { name: settled.settledBy ?? t('somebody'), when: f.when(settled.settledAt) })}
        {settled.note && `：${settled.note}`}
      </p>
    )
  return null
}

/** Conflicts that this phone has no item of: of the person's other phone, or a colleague's later word about his own. */
export function OtherConflicts() {
  const t = useWords(words)
  const { zone } = useMe()
  const f = useFormat(zone)
  const said = useSaid(zone)
  const language = useLanguage()
  const stateName = useStateName()
  const here = new Set(useItems().map((i) => i.commandId))
  const rows = useRows('conflict').filter((c) => c.settledAt === null && !(c.commandId && here.has(c.commandId)))
  if (rows.length === 0) return null
  return (
    <section className="zc-items" aria-label={t('part')}>
      <h2>
        {t('part')} <small>{rows.length}</small>
      </h2>
      {rows.map((c) => (
        <article key={c.id} className="zc-item" data-state="conflict">
          <header>
            <b className="zc-clip">
              {c.kind === 'field' ? (c.label ? wordOf(c.label, language) : said.name(c.field)) : c.title}
            </b>
            <Tag meaning="amber" icon={Split}>
              {t('waits')}
            </Tag>
          </header>
          <p className="zc-note">{[c.orderNumber, c.title, f.when(c.foundAt)].filter(Boolean).join(' · ')}</p>
          <div className="why">
            {c.kind === 'event' ? (
              <p>{t('event', { state: stateName('visit', c.state as 'taken') })}</p>
            ) : (
              <>
                <p>{t('field')}</p>
                <dl className="zc-both">
                  {(['kept', 'lost'] as const).map((side) => (
                    <div key={side} data-kept={side === 'kept' || undefined}>
                      <dt>
                        {t('by', {
                          name: c[side].by?.name ?? t('somebody'),
                          when: c[side].at ? f.when(c[side].at) : '',
                        })}
                        <b>{t(side)}</b>
                      </dt>
                      <dd>{said.value(c[side].value)}</dd>
                    </div>
                  ))}
                </dl>
              </>
            )}
          </div>
        </article>
      ))}
    </section>
  )
}
