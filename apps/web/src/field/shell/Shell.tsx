import { useQueryClient } from '@tanstack/react-query'
import { ChevronLeft } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { useLive } from '../../common/live/live'
import { useMe } from '../../common/session'
import { Empty, Guard, Loading } from '../../common/states'
import { Toasts, toast } from '../../common/toast'
import { offlineOf } from '../../offline'
import { useReadyToProve } from '../arrive/useReady'
import { useTrack } from '../arrive/useTrack'
import { useResumePhotos } from '../photos/hooks'
import { begunCall, onCall } from '../requests/calls'
import { goBack, Link, match, navigate, usePath } from '../router'
import { pages, type TabScene, tabsFor } from '../scenes'
import './Shell.css'
import { SyncStrip } from './Sync'
import { words } from './words'

/** The top of a page: its name, and the way back when it is not a tab. */
export function FieldBar({ title, back, children }: { title: string; back?: string; children?: ReactNode }) {
  const t = useWords(words)
  return (
    <header className={`zc-fieldbar${back ? ' back' : ''}`}>
      {back && (
        <button type="button" className="zc-btn quiet icon" aria-label={t('back')} onClick={() => goBack(back)}>
          <ChevronLeft className="zc-icon" size={26} />
        </button>
      )}
      <h1 className="zc-clip">{title}</h1>
      {children}
    </header>
  )
}

/** Holds the next step and 更多, in reach of the thumb. One `.zc-btn.primary`, at most one more button. */
export function ActionBar({ children }: { children: ReactNode }) {
  return <div className="zc-actionbar">{children}</div>
}

const noBadge = () => 0

function TabLink({ scene, current }: { scene: TabScene; current: boolean }) {
  const language = useLanguage()
  const Icon = scene.tab.icon
  // A scene's hook never changes, so the order of hooks does not either.
  const useBadge = scene.tab.useBadge ?? noBadge
  const badge = useBadge()
  return (
    <Link to={scene.path} aria-current={current ? 'page' : undefined}>
      <Icon className="zc-icon" size={24} aria-hidden />
      {scene.label[language]}
      {badge > 0 && <span className="badge">{badge > 99 ? '99+' : badge}</span>}
    </Link>
  )
}

/** Wherever one is, a new offer says so within the second; on 今天 the card itself does. */
function useOfferToast(at: string) {
  const t = useWords(words)
  useLive((e) => {
    if (e.type !== 'visit.offered' || at === TODAY) return
    toast(t('offer'), { undo: () => navigate(TODAY), undoLabel: t('offer.see') })
  })
}
const TODAY = '/m/today'

/** What was read before can be read again without a network. */
function useKeptAnswers(me: string) {
  const client = useQueryClient()
  useEffect(() => {
    let stop: (() => void) | undefined
    let gone = false
    import('../../offline/answers')
      .then(({ keepAnswers }) => keepAnswers(client, me))
      .then(
        (end) => {
          if (gone) end()
          else stop = end
        },
        // Nothing can be kept here: then everything is asked for.
        () => {},
      )
    return () => {
      gone = true
      stop?.()
    }
  }, [client, me])
}
const AfterCall = lazy(() => import('../requests/AfterCall'))

/** The frame of the phone: page, offline state, four tabs. Pages that are not tabs have the whole screen. */
export function Shell() {
  const t = useWords(words)
  const me = useMe()
  const path = usePath()
  const tabs = useMemo(() => tabsFor(me.abilities), [me.abilities])
  const home = tabs[0]?.path ?? '/m'
  const at = path === '/m' || path === '/m/' ? home : path
  const found = pages.find((p) => match(p.pattern, at))
  const Page = found?.Page
  const isTab = tabs.some((s) => s.path === at)
  useOfferToast(at)
  useResumePhotos()
  useReadyToProve()
  useTrack()
  useKeptAnswers(me.id)
  // Only who has called somebody is asked what came of it.
  const [called, setCalled] = useState(() => begunCall() !== null)
  useEffect(() => onCall(() => setCalled(true)), [])
  useEffect(() => {
    // The session was over and the same person is back: what waits goes on.
    void offlineOf(me).then((o) => o.getStatus().signedOut && o.signedIn())
  }, [me])
  return (
    <div className={`zc-field${isTab ? '' : ' bare'}`}>
      <SyncStrip />
      <main>
        <Guard key={at}>
          <Suspense fallback={<Loading shape="cards" lines={3} />}>
            {Page ? (
              <Page />
            ) : (
              <Empty
                title={t('lost.title')}
                action={
                  <Link className="zc-btn" to={home}>
                    {t('lost.home')}
                  </Link>
                }
              >
                {t('lost.text')}
              </Empty>
            )}
          </Suspense>
        </Guard>
      </main>
      {isTab && (
        <nav className="zc-tabs" aria-label={t('tabs')}>
          {tabs.map((s) => (
            <TabLink key={s.path} scene={s} current={s.path === at} />
          ))}
        </nav>
      )}
      {me.engineerId && called && (
        <Suspense>
          <AfterCall />
        </Suspense>
      )}
      <Toasts />
    </div>
  )
}
