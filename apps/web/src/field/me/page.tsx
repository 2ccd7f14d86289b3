import { BellRing, LogOut, MapPinCheck, Monitor, RefreshCw } from 'lucide-react'
import { Avatar } from '../../common/Avatar'
import { call } from '../../common/api/call'
import { asApiError } from '../../common/api/problem'
import { useConfirm } from '../../common/Confirm'
import { joinSentences } from '../../common/i18n/join'
import { type Language, setLanguage, useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { useMe, useSession } from '../../common/session'
import { useTheme } from '../../common/theme/theme'
import { toast } from '../../common/toast'
import { closeOffline, useStatus } from '../../offline'
import { PhotosLink } from '../photos/PhotosLink'
import { TimeLink } from '../report/Entrance'
import { RequestsLinks } from '../requests/Links'
import { Link } from '../router'
import { FieldBar } from '../shell/Shell'
import { OUTBOX } from '../shell/Sync'
import { words } from '../shell/words'
import { About, Work } from './Work'

/** Who I am on this phone: appearance, language, the way out. */
export default function MePage() {
  const t = useWords(words)
  const me = useMe()
  const { signOut } = useSession()
  const language = useLanguage()
  const { choice, setTheme } = useTheme()
  const { confirm, dialog } = useConfirm()
  const { waiting } = useStatus()
  const choose = (next: Language) => {
    setLanguage(next)
    call('POST /api/session/locale', { body: { locale: next } }).catch(() => {})
  }
  return (
    <>
      <FieldBar title={t('me')} />
      <section className="zc-card flex items-center gap-4">
        <Avatar id={me.id} name={me.name} size={56} />
        <div className="min-w-0">
          <div className="zc-clip text-zc-l font-semibold">{me.name}</div>
          <div className="zc-clip text-text-2 text-zc-s">
            {[me.teamName, me.companyName].filter(Boolean).join(' · ')}
          </div>
        </div>
      </section>
      {me.engineerId && <Work engineerId={me.engineerId} />}
      <section className="zc-card grid grid-cols-1 gap-2">
        <h2 className="text-zc-s text-text-2 font-medium">{t('theme')}</h2>
        <fieldset className="zc-choice">
          <legend className="zc-hidden">{t('theme')}</legend>
          {(['system', 'light', 'dark'] as const).map((one) => (
            <label key={one}>
              <input
                className="zc-hidden"
                type="radio"
                name="theme"
                checked={choice === one}
                onChange={() => setTheme(one)}
              />
              {t(`theme.${one}`)}
            </label>
          ))}
        </fieldset>
        <h2 className="text-zc-s text-text-2 mt-2 font-medium">{t('language')}</h2>
        <fieldset className="zc-choice">
          <legend className="zc-hidden">{t('language')}</legend>
          {(['zh-CN', 'en-US'] as const).map((one) => (
            <label key={one}>
              <input
                className="zc-hidden"
                type="radio"
                name="language"
                checked={language === one}
                onChange={() => choose(one)}
              />
              {one === 'zh-CN' ? '中文' : 'English'}
            </label>
          ))}
        </fieldset>
      </section>
      <section className="mx-4 grid gap-3">
        <Link className="zc-btn" to={OUTBOX}>
          <RefreshCw className="zc-icon" size={20} aria-hidden />
          {t('outbox')}
        </Link>
        <TimeLink />
        <PhotosLink />
        {me.abilities.includes('visit.work') && (
          <Link className="zc-btn" to="/m/me/record">
            <MapPinCheck className="zc-icon" size={20} aria-hidden />
            {t('record')}
          </Link>
        )}
        <Link className="zc-btn" to="/m/me/notices">
          <BellRing className="zc-icon" size={20} aria-hidden />
          {t('notices')}
        </Link>
        <RequestsLinks />
        <a className="zc-btn" href="/?face=desk">
          <Monitor className="zc-icon" size={20} aria-hidden />
          {t('desk')}
        </a>
        <button
          type="button"
          className="zc-btn"
          onClick={async () => {
            if (
              await confirm({
                title: t('signOut.ask'),
                consequence: waiting > 0 ? t('signOut.waiting', { n: waiting }) : t('signOut.consequence'),
                danger: waiting > 0,
                confirm: t('signOut'),
                keep: t('stay'),
              })
            )
              await signOut().then(closeOffline, (error: unknown) => {
                // The session ends on the server, or it has not ended.
                const e = asApiError(error)
                toast(joinSentences([e.title, e.action]), { ms: 8000 })
              })
          }}
        >
          <LogOut className="zc-icon" size={20} aria-hidden />
          {t('signOut')}
        </button>
      </section>
      <About />
      {dialog}
    </>
  )
}
