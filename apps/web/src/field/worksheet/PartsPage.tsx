import { Plus, ScanLine } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { newId } from '../../common/api/call'
import { useWords } from '../../common/i18n/words'
import { Tag } from '../../common/StateTag'
import type { VisitFull } from '../../offline/visits'
import { usePageParams } from '../router'
import { ActionBar, FieldBar } from '../shell/Shell'
import type { Sheet } from './data'
import { SheetPage } from './frame'
import type { Line } from './PartSheet'
import { words } from './words'

const PickSheet = lazy(() => import('./PickSheet'))
const PartSheet = lazy(() => import('./PartSheet'))
const SerialSheet = lazy(() => import('./SerialSheet'))

type Open = { what: 'pick' } | { what: 'line'; line: Line } | { what: 'serial' } | null
const meaning = { found: 'green', registered: 'teal', corrected: 'teal', elsewhere: 'amber', unknown: 'grey' } as const

function Parts({ visit, sheet }: { visit: VisitFull; sheet: Sheet }) {
  const t = useWords(words)
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const about = (p: Sheet['parts'][number]) =>
    [
      p.number,
      p.serialIn && t('part.serialIn', { serial: p.serialIn }),
      p.serialOut && t('part.serialOut', { serial: p.serialOut }),
      p.returned && t('part.back'),
      p.note,
    ]
      .filter(Boolean)
      .join(' · ')
  return (
    <>
      <FieldBar title={t('parts.title')} back={`/m/visits/${visit.id}`} />
      <div className="zc-visit">
        <section className="zc-part">
          <header>
            <h2>{t('parts.used')}</h2>
          </header>
          {sheet.parts.length === 0 ? (
            <p className="zc-note">{t('parts.empty')}</p>
          ) : (
            <ul className="zc-worklines">
              {sheet.parts.map((p) => (
                <li key={p.id}>
                  <button
                    type="button"
                    disabled={!sheet.mayWork}
                    onClick={() => setOpen({ what: 'line', line: { ...p, known: true } })}
                  >
                    <span className="main">
                      <b>{p.name}</b>
                      {about(p) && <small>{about(p)}</small>}
                    </span>
                    <span className="qty">
                      {p.qty} {p.unit}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </section>
        <section className="zc-part">
          <header>
            <h2>{t('serials.title')}</h2>
          </header>
          {sheet.serials.length === 0 ? (
            <p className="zc-note">{t('serials.empty')}</p>
          ) : (
            <ul className="zc-worklines">
              {sheet.serials.map((s) => (
                <li key={s.id}>
                  <div>
                    <span className="main">
                      <b>{s.serial}</b>
                      {s.asset && <small>{[s.asset.name, s.asset.model].filter(Boolean).join(' · ')}</small>}
                    </span>
                    <Tag meaning={meaning[s.outcome]}>{t(`serials.${s.outcome}`)}</Tag>
                  </div>
                </li>
              ))}
            </ul>
          )}
        </section>
      </div>
      {sheet.mayWork && (
        <ActionBar>
          <button type="button" className="zc-btn primary big" onClick={() => setOpen({ what: 'pick' })}>
            <Plus className="zc-icon" size={22} aria-hidden /> {t('parts.add')}
          </button>
          <button type="button" className="zc-btn big" onClick={() => setOpen({ what: 'serial' })}>
            <ScanLine className="zc-icon" size={22} aria-hidden /> {t('serials.scan')}
          </button>
        </ActionBar>
      )}
      <Suspense>
        {open?.what === 'pick' && (
          <PickSheet
            model={visit.asset?.model ?? null}
            onClose={close}
            onPick={(p) =>
              setOpen({
                what: 'line',
                line: {
                  id: newId(),
                  partId: p.id,
                  number: p.number,
                  name: p.name,
                  unit: p.unit,
                  qty: 1,
                  serialIn: null,
                  serialOut: null,
                  returned: false,
                  note: null,
                  known: false,
                },
              })
            }
          />
        )}
        {open?.what === 'line' && <PartSheet sheet={sheet} line={open.line} onClose={close} />}
        {open?.what === 'serial' && <SerialSheet visit={visit} sheet={sheet} onClose={close} />}
      </Suspense>
    </>
  )
}

/** What was used and which machines were touched. */
export default function PartsPage() {
  const t = useWords(words)
  const { id } = usePageParams('/m/visits/:id/parts')
  return (
    <SheetPage id={id} title={t('parts.title')}>
      {(o) => <Parts {...o} />}
    </SheetPage>
  )
}
