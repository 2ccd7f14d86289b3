import { ChevronRight } from 'lucide-react'
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { shownItems, valuesOf } from '#lifecycle/worksheet'
import { useWords } from '../../common/i18n/words'
import { Empty } from '../../common/states'
import { useAct } from '../../offline'
import type { VisitFull } from '../../offline/visits'
import { goBack, usePageParams } from '../router'
import { ActionBar, FieldBar } from '../shell/Shell'
import { CheckItem } from './CheckItem'
import { type Item, type List, lacking, type Sheet, sumOf } from './data'
import { SheetPage } from './frame'
import { useText } from './text'
import { words } from './words'

const FollowUpSheet = lazy(() => import('./FollowUpSheet'))

const idOf = (list: List | { checklistId: string }, item: { key: string }) => `${list.checklistId}.${item.key}`

function Checks({ visit, sheet }: { visit: VisitFull; sheet: Sheet }) {
  const t = useWords(words)
  const text = useText()
  const act = useAct()
  const [follow, setFollow] = useState<{ list: List; item: Item } | null>(null)
  const sum = sumOf(sheet)
  const missing = lacking(sheet)
  const body = useRef<HTMLDivElement>(null)
  const go = useCallback((key: string) => {
    const el = body.current?.querySelector<HTMLElement>(`[data-item="${CSS.escape(key)}"]`)
    if (!el) return
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
    el.scrollIntoView({ block: 'start', behavior: calm ? 'auto' : 'smooth' })
    el.focus({ preventScroll: true })
  }, [])
  // Whoever comes from the end of the visit is taken to what is missing.
  const asked = useRef(new URLSearchParams(location.search).get('at'))
  useEffect(() => {
    if (!asked.current) return
    const key = asked.current
    asked.current = null
    requestAnimationFrame(() => go(key))
  }, [go])
  const next = missing[0]
  const back = `/m/visits/${visit.id}`
  return (
    <>
      <FieldBar title={t('checks.title')} back={back} />
      {sheet.lists.length === 0 ? (
        <Empty title={t('checks.none')} />
      ) : (
        <div className="zc-visit" ref={body}>
          <div className="zc-work-progress" role="status">
            <p>
              <b>{t('checks.progress', { answered: sum.answered, total: sum.total })}</b>
              {sum.failed > 0 && <em>{t('checks.failed', { n: sum.failed })}</em>}
            </p>
            <progress
              max={sum.total || 1}
              value={sum.answered}
              aria-label={t('checks.progress', { answered: sum.answered, total: sum.total })}
            />
          </div>
          {sheet.lists.map((list) => {
            const values = valuesOf(sheet, list.checklistId)
            return (
              <section key={list.checklistId} className="zc-part">
                <header>
                  <h2>{text(list.body.title)}</h2>
                </header>
                {shownItems(list.body.items, values).map((item) => (
                  <CheckItem
                    key={item.key}
                    id={idOf(list, item)}
                    visit={visit}
                    item={item}
                    answer={sheet.answers.find((a) => a.checklistId === list.checklistId && a.item === item.key)}
                    can={sheet.mayWork}
                    onFollowUp={() => setFollow({ list, item })}
                    onAnswer={(change) =>
                      void act('worksheet.answer', sheet.id, {
                        checklistId: list.checklistId,
                        item: item.key,
                        ...change,
                        ...(change.value !== undefined
                          ? {
                              base:
                                sheet.answers.find((a) => a.checklistId === list.checklistId && a.item === item.key)
                                  ?.value ?? null,
                            }
                          : {}),
                      })
                    }
                  />
                ))}
              </section>
            )
          })}
        </div>
      )}
      <ActionBar>
        {next && sheet.mayWork ? (
          <button
            type="button"
            className="zc-btn primary big zc-next"
            onClick={() => go(`${next.checklistId}.${next.item.key}`)}
          >
            <span className="zc-clip">{t('checks.next', { item: text(next.item.label) })}</span>
            <ChevronRight className="zc-icon" size={22} aria-hidden />
          </button>
        ) : (
          <button type="button" className="zc-btn primary big" onClick={() => goBack(back)}>
            {t('checks.back')}
          </button>
        )}
      </ActionBar>
      {follow && (
        <Suspense>
          <FollowUpSheet
            sheet={sheet}
            checklistId={follow.list.checklistId}
            item={follow.item}
            onClose={() => setFollow(null)}
          />
        </Suspense>
      )}
    </>
  )
}

/** The checklists of a visit, one item under the other: big answers, what failed, what is left. */
export default function ChecksPage() {
  const t = useWords(words)
  const { id } = usePageParams('/m/visits/:id/checks')
  return (
    <SheetPage id={id} title={t('checks.title')}>
      {(o) => <Checks {...o} />}
    </SheetPage>
  )
}
