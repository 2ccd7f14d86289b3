import { useEffect, useState } from 'react'
import { call, type Reply } from '../../common/api/call'
import { asApiError } from '../../common/api/problem'
import { useWords } from '../../common/i18n/words'
import { ErrorState, Loading } from '../../common/states'
import { LinkShell } from '../shell/Shell'
import './site.css'
import { words } from './words'

type Page = Reply<'GET /api/site-screen/:token'>

/** Asks for the next codes well before the last one is used up; a failure is tried again soon. */
const everyMs = 20_000
const againMs = 4_000

/** Codes with the difference between this screen's clock and the server's: cheap screens are minutes off. */
function useCodes(token: string) {
  const [page, setPage] = useState<{ page: Page; offMs: number }>()
  const [gone, setGone] = useState<unknown>()
  useEffect(() => {
    let over = false
    let timer: ReturnType<typeof setTimeout>
    const ask = async () => {
      let next = everyMs
      try {
        const sent = Date.now()
        const answer = await call('GET /api/site-screen/:token', { params: { token } })
        if (!over) setPage({ page: answer, offMs: Date.parse(answer.serverTime) - (sent + Date.now()) / 2 })
      } catch (error) {
        next = againMs
        // Revoked: nothing comes back. Anything else is a network that does.
        if (!over && !asApiError(error).retryable) return setGone(error)
      }
      if (!over) timer = setTimeout(ask, next)
    }
    void ask()
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [token])
  return { page, gone }
}

/** Keeps the screen on where the browser can; asked again whenever the page is seen again. */
function useAwake(): boolean {
  const [awake, setAwake] = useState(false)
  useEffect(() => {
    let lock: WakeLockSentinel | undefined
    const ask = () => {
      if (document.visibilityState !== 'visible') return
      navigator.wakeLock?.request('screen').then(
        (l) => {
          lock = l
          setAwake(true)
          l.addEventListener('release', () => setAwake(false))
        },
        () => setAwake(false),
      )
    }
    ask()
    document.addEventListener('visibilitychange', ask)
    return () => {
      document.removeEventListener('visibilitychange', ask)
      void lock?.release()
    }
  }, [])
  return awake
}

function useNow(ms: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), ms)
    return () => clearInterval(timer)
  }, [ms])
  return now
}

/** The code of a site, large, for a screen at the customer's: turns every half minute and stays on for hours. */
export default function Screen({ token }: { token: string }) {
  const t = useWords(words)
  const { page, gone } = useCodes(token)
  const awake = useAwake()
  const now = useNow(500)
  if (gone)
    return (
      <LinkShell>
        <ErrorState error={gone} />
      </LinkShell>
    )
  if (!page)
    return (
      <LinkShell>
        <Loading lines={6} />
      </LinkShell>
    )
  const { company, site, codes, stepMs } = page.page
  const at = now + page.offMs
  const code = codes.find((c) => Date.parse(c.from) <= at && at < Date.parse(c.from) + stepMs)
  const left = code ? Math.max(1, Math.ceil((Date.parse(code.from) + stepMs - at) / 1000)) : 0
  return (
    <LinkShell
      company={company.name}
      foot={company.phone && <a href={`tel:${company.phone}`}>{t('help', { phone: company.phone })}</a>}
    >
      <section className="zl-screen">
        <h1>{site}</h1>
        <p>{t('how')}</p>
        {code ? (
          <>
            <svg viewBox={`-4 -4 ${code.size + 8} ${code.size + 8}`} role="img" aria-label={t('label', { site })}>
              <rect x={-4} y={-4} width={code.size + 8} height={code.size + 8} fill="#fff" />
              <path d={code.path} fill="#000" shapeRendering="crispEdges" />
            </svg>
            <progress max={stepMs / 1000} value={left} aria-label={t('turns', { seconds: left })} />
            <small>{t('turns', { seconds: left })}</small>
          </>
        ) : (
          <div className="lost" role="alert">
            <b>{t('lost')}</b>
            <p>{t('lost.text')}</p>
          </div>
        )}
        <small>{t(awake ? 'awake' : 'asleep')}</small>
      </section>
    </LinkShell>
  )
}
