import { CircleCheck, FilePen, MessageCircleQuestion, Timer } from 'lucide-react'
import { useWords } from '../../common/i18n/words'
import { useAbility, useMe } from '../../common/session'
import { useRow } from '../../offline'
import { Link } from '../router'
import { today } from '../zone'
import './entrance.css'
import { words } from './words'

/** On 今天, when the day's work is done: the report is written, one look and it is handed in. */
export function ReportCard() {
  const t = useWords(words)
  const me = useMe()
  const may = useAbility('report.write')
  const row = useRow('report', today(me.zone))
  if (!may || !row) return null
  const sent = row.report
  const last = sent?.comments.at(-1)
  const asked = last?.question === true && last.author.id !== me.id
  const Icon = asked ? MessageCircleQuestion : sent ? CircleCheck : FilePen
  return (
    <Link className="zc-reportcard" data-open={!sent || asked || undefined} to="/m/report">
      <Icon className="zc-icon" size={26} aria-hidden />
      <span>
        <b>{t(asked ? 'here.asked' : sent ? 'here.sent' : 'here')}</b>
        <small>{sent && !asked ? t('here.open') : t('here.text')}</small>
      </span>
    </Link>
  )
}

/** On 我的: the way to time and reports of the last weeks. */
export function TimeLink() {
  const t = useWords(words)
  if (!useAbility('report.write')) return null
  return (
    <Link className="zc-btn" to="/m/report/week">
      <Timer className="zc-icon" size={20} aria-hidden />
      {t('history')}
    </Link>
  )
}
