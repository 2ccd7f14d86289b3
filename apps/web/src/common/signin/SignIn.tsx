import { Eye, EyeOff, Languages, Monitor, Smartphone } from 'lucide-react'
import { useEffect, useState } from 'react'
import { call, type Reply } from '../api/call'
import { type ApiError, asApiError } from '../api/problem'
import { setLanguage, useLanguage } from '../i18n/language'
import { useWords } from '../i18n/words'
import { useSession } from '../session'
import './SignIn.css'
import { words } from './words'

type Face = 'desk' | 'field'
type Account = Reply<'GET /api/session/demo'>['accounts'][number]

/** The sign-in page of desk and field: account and password, the wait after too many tries, demo accounts when there are any. */
export function SignIn({ face }: { face: Face }) {
  const t = useWords(words)
  const language = useLanguage()
  const session = useSession()
  const [userName, setUserName] = useState('')
  const [password, setPassword] = useState('')
  const [shown, setShown] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError>()
  const [wait, setWait] = useState(0)
  const [accounts, setAccounts] = useState<Account[]>([])

  useEffect(() => {
    // Outside demo mode the route answers 404, and then there is simply no list.
    call('GET /api/session/demo').then(
      (reply) => setAccounts(reply.accounts),
      () => setAccounts([]),
    )
  }, [])
  useEffect(() => {
    if (wait <= 0) return
    const timer = setTimeout(() => setWait((s) => s - 1), 1000)
    return () => clearTimeout(timer)
  }, [wait])

  async function enter(name: string, secret: string, where: Face) {
    setBusy(true)
    setError(undefined)
    try {
      const me = await call('POST /api/session', { body: { userName: name.trim(), password: secret, face: where } })
      if (where !== face) location.assign(where === 'field' ? '/m/' : '/')
      else session.signedIn(me)
    } catch (thrown) {
      const failed = asApiError(thrown)
      const seconds = Number(failed.params.seconds)
      if (failed.status === 429 && seconds > 0) setWait(Math.ceil(seconds))
      else setError(failed)
    } finally {
      setBusy(false)
    }
  }

  return (
    <div className="zc-signin">
      <main>
        <div className="mark">
          <img src="/mark.svg" alt="" />
          <div>
            <h1>{t('product')}</h1>
            <p>{t('tagline')}</p>
          </div>
        </div>
        <form
          onSubmit={(e) => {
            e.preventDefault()
            void enter(userName, password, face)
          }}
        >
          <label>
            {t('userName')}
            <input
              className="zc-input"
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              value={userName}
              onChange={(e) => setUserName(e.target.value)}
            />
          </label>
          <label>
            {t('password')}
            <span className="secret">
              <input
                className="zc-input"
                name="password"
                type={shown ? 'text' : 'password'}
                autoComplete="current-password"
                required
                value={password}
                onChange={(e) => setPassword(e.target.value)}
              />
              <button
                type="button"
                className="zc-btn quiet icon"
                aria-label={t(shown ? 'hide' : 'show')}
                aria-pressed={shown}
                onClick={() => setShown(!shown)}
              >
                {shown ? <EyeOff className="zc-icon" size={18} /> : <Eye className="zc-icon" size={18} />}
              </button>
            </span>
          </label>
          <div aria-live="polite">
            {wait > 0 && <div className="problem">{t('locked', { seconds: wait })}</div>}
            {wait <= 0 && error && (
              <div className="problem">
                <b>{error.title}</b>
                <span>{error.action}</span>
              </div>
            )}
          </div>
          <button type="submit" className="zc-btn primary" disabled={busy || wait > 0}>
            {t(busy ? 'submitting' : 'submit')}
          </button>
        </form>
        {accounts.length > 0 && (
          <section className="demo">
            <h2>{t('demo')}</h2>
            <ul>
              {accounts.map((a) => (
                <li key={a.userName}>
                  <button
                    type="button"
                    className="zc-btn"
                    disabled={busy}
                    aria-label={t('demo.as', { role: t(`role.${a.role}`), name: a.name })}
                    onClick={() => void enter(a.userName, a.password, a.face)}
                  >
                    <b>{a.name}</b>
                    <small>{t(`role.${a.role}`)}</small>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
        <footer>
          <button
            type="button"
            className="zc-btn quiet"
            onClick={() => setLanguage(language === 'zh-CN' ? 'en-US' : 'zh-CN')}
          >
            <Languages className="zc-icon" size={16} />
            {language === 'zh-CN' ? 'English' : '中文'}
          </button>
          <a className="zc-btn quiet" href={face === 'desk' ? '/m/' : '/?face=desk'}>
            {face === 'desk' ? <Smartphone className="zc-icon" size={16} /> : <Monitor className="zc-icon" size={16} />}
            {t(face === 'desk' ? 'toField' : 'toDesk')}
          </a>
        </footer>
      </main>
    </div>
  )
}
