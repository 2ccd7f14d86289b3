import { FileCheck } from 'lucide-react'
import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { useNow } from '../../common/now'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty } from '../../common/states'
import { useRows } from '../../offline'
import { Link } from '../router'
import { FieldBar } from '../shell/Shell'
import '../visit/visit.css'
import './requests.css'
import { words } from './words'

/** Documents that were left to follow, the next one due on top. */
export default function PapersPage() {
  const t = useWords(words)
  const language = useLanguage()
  const f = useFormat(useMe().zone)
  const now = useNow(60_000)
  const papers = [...useRows('paper')].sort((a, b) => a.dueAt.localeCompare(b.dueAt))
  return (
    <>
      <FieldBar title={t('papers.title')} back="/m/today" />
      <div className="zc-visit">
        {papers.length === 0 && (
          <Empty icon={FileCheck} title={t('papers.none')}>
            {t('papers.none.text')}
          </Empty>
        )}
        {papers.map((p) => {
          const name = language === 'zh-CN' ? p.title.zh : p.title.en
          const late = Date.parse(p.dueAt) < now
          return (
            <section key={p.id} className="zc-part" aria-label={name}>
              <div className="zc-tags">
                <Tag meaning={late ? 'red' : 'amber'}>
                  {t(late ? 'papers.late' : 'papers.due', { when: f.when(p.dueAt) })}
                </Tag>
                {p.missing > 0 && <Tag meaning="grey">{t('papers.missing', { n: p.missing })}</Tag>}
              </div>
              <b>{p.customer.name}</b>
              <p className="zc-note">
                {[p.orderNumber, p.orderTitle, t('papers.left', { when: f.when(p.leftAt) })]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
              {p.reason && <p className="zc-note">{t('papers.why', { why: p.reason })}</p>}
              <Link className="zc-btn primary" to={`/m/visits/${p.visitId}/documents/${p.documentId}`}>
                {t('papers.fill', { name })}
              </Link>
            </section>
          )
        })}
      </div>
    </>
  )
}
