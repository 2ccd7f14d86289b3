import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { Dropdown, type MenuProps } from 'antd'
import { ChevronDown, Ellipsis, LayoutGrid, Moon, Search } from 'lucide-react'
import { Suspense, useCallback, useMemo } from 'react'
import { Avatar } from '../../common/Avatar'
import { call } from '../../common/api/call'
import { type Command, CommandPalette, usePaletteKey } from '../../common/CommandPalette'
import { type Language, setLanguage, useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { useMe, useSession } from '../../common/session'
import { Empty, Guard, LiveState, Loading, OfflineBanner } from '../../common/states'
import { type ThemeChoice, useTheme } from '../../common/theme/theme'
import { Toasts } from '../../common/toast'
import type { Scene } from '../scene'
import { places } from '../scenes'
import './Shell.css'
import { words } from './words'

const RAIL = 8

function Place({ scene, language }: { scene: Scene; language: Language }) {
  const path = useRouterState({ select: (s) => s.location.pathname })
  const Icon = scene.icon
  const here = path === scene.path || path.startsWith(`${scene.path}/`)
  return (
    <Link to={scene.path} className="place" aria-current={here ? 'page' : undefined}>
      <Icon className="zc-icon" size={20} aria-hidden />
      {scene.label[language]}
    </Link>
  )
}

/** The frame of the desk: rail, top bar, page. Only places that exist and that the person may see are shown. */
export function Shell() {
  const t = useWords(words)
  const language = useLanguage()
  const me = useMe()
  const { signOut } = useSession()
  const { choice, setTheme } = useTheme()
  const navigate = useNavigate()
  const path = useRouterState({ select: (s) => s.location.pathname })
  const [paletteOpen, setPaletteOpen] = usePaletteKey()
  const mine = useMemo(() => places(me.abilities), [me.abilities])
  const inRail = mine.filter((s) => s.nav !== false)
  const rail = inRail.filter((s) => s.order < 90).slice(0, RAIL)
  const more = inRail.filter((s) => !rail.includes(s))

  const choose = useCallback((next: Language) => {
    setLanguage(next)
    // Remembered on the account too, for notices and documents; the screen has changed already.
    call('POST /api/session/locale', { body: { locale: next } }).catch(() => {})
  }, [])

  const commands = useMemo<Command[]>(
    () => [
      ...mine.flatMap((s) => s.commands?.(language) ?? []),
      ...inRail.map((s) => ({
        id: `go:${s.path}`,
        label: s.label[language],
        keywords: `${s.label['en-US']} ${s.label['zh-CN']} ${s.path}`,
        group: t('go.to'),
        icon: s.icon,
        run: () => void navigate({ to: s.path }),
      })),
      ...(['system', 'light', 'dark'] as const).map((one) => ({
        id: `theme:${one}`,
        label: `${t('theme')} · ${t(`theme.${one}`)}`,
        keywords: `theme ${one}`,
        group: t('settings.group'),
        icon: Moon,
        run: () => setTheme(one),
      })),
    ],
    [mine, inRail, language, t, navigate, setTheme],
  )
  const search = useCallback(
    async (text: string, signal: AbortSignal) => {
      const answers = await Promise.allSettled(mine.flatMap((s) => (s.search ? [s.search(text, signal)] : [])))
      return answers.flatMap((a) => (a.status === 'fulfilled' ? a.value : []))
    },
    [mine],
  )

  const selfMenu: MenuProps = {
    selectedKeys: [`theme:${choice}`, `language:${language}`],
    items: [
      {
        type: 'group',
        label: t('theme'),
        children: (['system', 'light', 'dark'] as const).map((one) => ({
          key: `theme:${one}`,
          label: t(`theme.${one}`),
        })),
      },
      {
        type: 'group',
        label: t('language'),
        children: [
          { key: 'language:zh-CN', label: '中文' },
          { key: 'language:en-US', label: 'English' },
        ],
      },
      { type: 'divider' },
      { key: 'notices', label: <Link to={'/notices/settings' as '/'}>{t('notices')}</Link> },
      { key: 'phone', label: <a href="/m">{t('phone')}</a> },
      { key: 'out', label: t('signOut') },
    ],
    onClick: ({ key }) => {
      const [kind, value] = key.split(':')
      if (kind === 'theme') setTheme(value as ThemeChoice)
      else if (kind === 'language') choose(value as Language)
      else if (kind === 'out') void signOut()
    },
  }

  return (
    <div className="zc-desk">
      <a className="zc-btn skip" href="#page">
        {t('skip')}
      </a>
      <nav className="rail" aria-label={t('nav')}>
        <Link to="/" className="mark" aria-label={t('product')}>
          <img src="/mark.svg" alt="" />
        </Link>
        {rail.map((scene) => (
          <Place key={scene.path} scene={scene} language={language} />
        ))}
        {more.length === 1 && more[0] && <Place scene={more[0]} language={language} />}
        {more.length > 1 && (
          <Dropdown
            trigger={['click']}
            placement="topRight"
            menu={{
              items: more.map((s) => ({
                key: s.path,
                icon: <s.icon className="zc-icon" size={16} />,
                label: s.label[language],
              })),
              onClick: ({ key }) => void navigate({ to: key }),
            }}
          >
            <button
              type="button"
              className="place"
              aria-current={more.some((s) => path.startsWith(s.path)) ? 'page' : undefined}
            >
              <Ellipsis className="zc-icon" size={20} aria-hidden />
              {t('more')}
            </button>
          </Dropdown>
        )}
      </nav>
      <header className="bar">
        <button type="button" className="find" onClick={() => setPaletteOpen(true)}>
          <Search className="zc-icon" size={16} aria-hidden />
          <span className="zc-clip">{t('search')}</span>
          <kbd>{/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K'}</kbd>
        </button>
        <div className="right">
          {me.demo && <span className="demo">{t('demo')}</span>}
          <LiveState />
          {mine.map((s) => s.topBar && <s.topBar key={s.path} />)}
          <Dropdown menu={selfMenu} trigger={['click']} placement="bottomRight">
            <button type="button" className="self" aria-label={`${t('self')} ${me.name}`}>
              <Avatar id={me.id} name={me.name} size={28} />
              <span className="zc-clip">{me.name}</span>
              <ChevronDown className="zc-icon" size={14} aria-hidden />
            </button>
          </Dropdown>
        </div>
      </header>
      <div className="banner">
        <OfflineBanner />
      </div>
      <main className="page" id="page" tabIndex={-1}>
        <Guard at={path}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </Guard>
      </main>
      <CommandPalette open={paletteOpen} onClose={() => setPaletteOpen(false)} commands={commands} search={search} />
      <Toasts />
    </div>
  )
}

/** `/`: the first place of this person; without any, it says whom to ask. */
export function Nothing() {
  const t = useWords(words)
  return (
    <Empty icon={LayoutGrid} title={t('none.title')}>
      {t('none.text')}
    </Empty>
  )
}

export function Lost() {
  const t = useWords(words)
  return (
    <Empty
      title={t('lost.title')}
      action={
        <Link className="zc-btn" to="/">
          {t('lost.home')}
        </Link>
      }
    >
      {t('lost.text')}
    </Empty>
  )
}
