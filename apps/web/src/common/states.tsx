import { Inbox, type LucideIcon, TriangleAlert, WifiOff } from 'lucide-react'
import { Component, type ReactNode, useEffect, useState } from 'react'
import { asApiError } from './api/problem'
import { useWords, wordsIn } from './i18n/words'
import { retryLive, useLiveState } from './live/live'
import './states.css'
import { words } from './states.words'

/** An empty place as a beginning: what belongs here, why it is useful, one button. */
export function Empty({
  icon: Icon = Inbox,
  title,
  children,
  action,
}: {
  icon?: LucideIcon
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="zc-empty">
      <span className="picture">
        <Icon className="zc-icon" size={26} aria-hidden />
      </span>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action && <div className="actions">{action}</div>}
    </div>
  )
}

/** The shape of what comes; invisible for the first 200 ms. */
export function Loading({ shape = 'text', lines = 5 }: { shape?: 'text' | 'rows' | 'cards'; lines?: number }) {
  const t = useWords(words)
  return (
    <div className={`zc-skeleton ${shape}`} role="status" aria-label={t('loading')}>
      {Array.from({ length: lines }, (_, i) => (
        <i key={i} style={shape === 'text' ? { width: `${92 - ((i * 37) % 45)}%` } : undefined} />
      ))}
    </div>
  )
}

/** What happened, what is safe, what to do; with the request's number for the administrator. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useWords(words)
  const problem = asApiError(error)
  return (
    <div className="zc-empty error" role="alert">
      <span className="picture">
        <TriangleAlert className="zc-icon" size={26} aria-hidden />
      </span>
      <h2>{problem.title}</h2>
      {problem.detail && problem.detail !== problem.title && <p>{problem.detail}</p>}
      {problem.action && <p>{problem.action}</p>}
      {problem.requestId && <small>{t('error.number', { id: problem.requestId })}</small>}
      {onRetry && (
        <div className="actions">
          <button type="button" className="zc-btn" onClick={onRetry}>
            {t('error.retry')}
          </button>
        </div>
      )}
    </div>
  )
}

/**
 * A page that throws takes nothing else down with it. Give it `at={path}`: leaving heals it. (Not `key`, which would build
 * the page anew for every detail opened beside its list, and the list would lose its place.)
 */
export class Guard extends Component<{ children: ReactNode; at?: string }, { error?: unknown }> {
  override state: { error?: unknown } = {}
  static getDerivedStateFromError(error: unknown) {
    return { error }
  }
  override componentDidUpdate(before: { at?: string }) {
    if (before.at !== this.props.at && this.state.error) this.setState({ error: undefined })
  }
  override render() {
    if (!this.state.error) return this.props.children
    const t = wordsIn(words)
    return (
      <div className="zc-empty error" role="alert">
        <span className="picture">
          <TriangleAlert className="zc-icon" size={26} aria-hidden />
        </span>
        <h2>{t('error.bug')}</h2>
        <p>{t('error.bugAction')}</p>
        <div className="actions">
          <button type="button" className="zc-btn" onClick={() => location.reload()}>
            {t('error.reload')}
          </button>
        </div>
      </div>
    )
  }
}

/** Shown while the live stream is down; offline is a state, not an error. `note` replaces the words for "no network". */
export function OfflineBanner({ note }: { note?: string }) {
  const t = useWords(words)
  const state = useLiveState()
  const down = state === 'waiting' || state === 'offline'
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!down) return setShown(false)
    // A hiccup that heals by itself is not worth moving the page for.
    const timer = setTimeout(() => setShown(true), 2500)
    return () => clearTimeout(timer)
  }, [down])
  if (!down || !shown) return null
  return (
    <div className="zc-offline" role="status">
      <WifiOff className="zc-icon" size={16} aria-hidden />
      <span>{state === 'offline' && note ? note : t(state)}</span>
      {state === 'waiting' && (
        <button type="button" onClick={retryLive}>
          {t('tryNow')}
        </button>
      )}
    </div>
  )
}

/** The dot with a word that says how fresh the screen is. */
export function LiveState() {
  const t = useWords(words)
  const state = useLiveState()
  return (
    <span className="zc-live" data-state={state} role="status">
      {t(`live.${state}`)}
    </span>
  )
}
