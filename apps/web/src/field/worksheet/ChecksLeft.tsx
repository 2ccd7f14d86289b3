import { useWords } from '../../common/i18n/words'
import { Link } from '../router'
import type { Item } from './data'
import './work.css'
import { useText } from './text'
import { words } from './words'

const shown = 5

/** What the end of the visit still asks for, each with its way there. */
export function ChecksLeft({
  visitId,
  checks,
  offline,
}: {
  visitId: string
  checks: readonly { checklistId: string; item: Item }[]
  offline: boolean
}) {
  const t = useWords(words)
  const text = useText()
  return (
    <section className="zc-part">
      <header>
        <h2>{t('finish.checks', { n: checks.length })}</h2>
      </header>
      {checks.slice(0, shown).map(({ checklistId, item }) => (
        <Link
          key={`${checklistId}.${item.key}`}
          className="zc-line"
          to={`/m/visits/${visitId}/checks?at=${checklistId}.${item.key}`}
        >
          <b className="zc-clip">{text(item.label)}</b>
        </Link>
      ))}
      {checks.length > shown && <p className="zc-note">{t('finish.more', { n: checks.length - shown })}</p>}
      {offline && <p className="zc-note">{t('finish.checks.offline')}</p>}
    </section>
  )
}
