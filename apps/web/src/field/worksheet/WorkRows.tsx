import { Backpack, Boxes, ClipboardCheck, NotebookPen } from 'lucide-react'
import { useWords } from '../../common/i18n/words'
import { Tag } from '../../common/StateTag'
import type { VisitFull } from '../../offline/visits'
import { Link } from '../router'
import { sumOf, useBrief, useSheet } from './data'
import './work.css'
import { words } from './words'

/** What is done on site, as four rows of the visit's page: each says how it stands and leads there. */
export function WorkRows({ visit }: { visit: VisitFull }) {
  const t = useWords(words)
  const sheet = useSheet(visit.id)
  const brief = useBrief(visit.id)
  const at = `/m/visits/${visit.id}`
  const checks = sumOf(sheet.data)
  const ahead = ['offered', 'taken', 'en_route'].includes(visit.state)
  const b = brief.data
  const row = (to: string, icon: typeof Boxes, label: string, text: string, extra?: React.ReactNode) => {
    const Icon = icon
    return (
      <Link className="zc-line zc-workrow" to={`${at}/${to}`}>
        <Icon className="zc-icon" size={22} aria-hidden />
        <span className="main">
          <b>{label}</b>
          <small>{text}</small>
        </span>
        {extra}
      </Link>
    )
  }
  const s = sheet.data
  return (
    <section className="zc-part">
      <header>
        <h2>{t('part.work')}</h2>
      </header>
      {ahead &&
        row(
          'brief',
          Backpack,
          t('brief.row'),
          b
            ? t('brief.sum', { bring: b.bring.length, history: b.history.length, similar: b.similar.length })
            : t('loading'),
        )}
      {s === null ? (
        <p className="zc-note">{t('none.text')}</p>
      ) : s === undefined ? (
        <p className="zc-note">{t('loading')}</p>
      ) : (
        <>
          {s.lists.length > 0 &&
            row(
              'checks',
              ClipboardCheck,
              t('checks.row'),
              checks.missing > 0 ? t('checks.missing', { n: checks.missing }) : t('checks.done'),
              <span className="end">
                {checks.failed > 0 && <Tag meaning="red">{t('checks.failed', { n: checks.failed })}</Tag>}
                <b className="count">{t('checks.sum', { answered: checks.answered, total: checks.total })}</b>
              </span>,
            )}
          {row(
            'parts',
            Boxes,
            t('parts.row'),
            s.parts.length + s.serials.length > 0
              ? t('parts.sum', { parts: s.parts.length, serials: s.serials.length })
              : t('parts.nothing'),
          )}
          {row(
            'notes',
            NotebookPen,
            t('notes.row'),
            s.notes.length > 0 ? t('notes.sum', { n: s.notes.length }) : t('notes.nothing'),
          )}
        </>
      )}
      {!ahead &&
        row(
          'brief',
          Backpack,
          t('brief.row'),
          b
            ? t('brief.sum', { bring: b.bring.length, history: b.history.length, similar: b.similar.length })
            : t('loading'),
        )}
    </section>
  )
}
