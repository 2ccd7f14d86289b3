import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { useStateName } from '../../common/StateTag'
import { useSaid } from '../../common/said'
import { useMe } from '../../common/session'
import type { Item } from '../../offline'
import { useRow } from '../../offline'
import { wordOf } from '../visit/facts'
import { words } from './words'

/** What met what: the state that was there already, or both values with the one that stands. */
export function Conflict({ item }: { item: Item }) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const said = useSaid(me.zone)
  const language = useLanguage()
  const stateName = useStateName()
  const document = useRow('document', item.subject)
  const template = useRow('template', document ? `${document.templateKey}@${document.templateVersion}` : '')
  const conflict = item.conflict
  if (!conflict) return null
  const label = (key: string) => {
    const field = template?.body.sections.flatMap((s) => s.fields).find((x) => x.key === key)
    return field ? wordOf(field.label, language) : said.name(key)
  }
  if (conflict.fields.length === 0)
    return (
      <p>
        {conflict.why === 'other_engineer' || !conflict.state
          ? t('conflict.other')
          : t('conflict.state', { state: stateName('visit', conflict.state as 'taken') })}
      </p>
    )
  return (
    <>
      <p>{t('conflict.field')}</p>
      {conflict.fields.map((x) => {
        const who = x.theirsBy ?? t('conflict.somebody')
        const theirs = x.theirsAt
          ? t('conflict.theirsAt', { name: who, when: f.when(x.theirsAt) })
          : t('conflict.theirs', { name: who })
        return (
          <dl key={x.field} className="zc-both" aria-label={label(x.field)}>
            <dt className="of">{label(x.field)}</dt>
            {(['mine', 'theirs'] as const).map((side) => (
              <div key={side} data-kept={x.kept === side || undefined}>
                <dt>
                  {side === 'mine' ? t('conflict.mine') : theirs}
                  {x.kept === side && <b>{t('conflict.kept')}</b>}
                </dt>
                <dd>{said.value(x[side])}</dd>
              </div>
            ))}
          </dl>
        )
      })}
    </>
  )
}
