import { Link, useParams } from '@tanstack/react-router'
import { useWords } from '../../common/i18n/words'
import './channels.css'
import { Channels } from './Channels'
import { Log } from './Log'
import { Robots } from './Robots'
import { Rules } from './Rules'
import { words } from './words'

const TABS = { channels: Channels, robots: Robots, log: Log, rules: Rules }
type Tab = keyof typeof TABS

/** How notices leave the house: channels, robots, rules, and where each message went. */
export default function ChannelsPage() {
  const t = useWords(words)
  const { tab } = useParams({ strict: false }) as { tab?: string }
  const here: Tab = tab && tab in TABS ? (tab as Tab) : 'channels'
  const Part = TABS[here]
  return (
    <section className="channels" aria-label={t('title')}>
      <header className="channels-head">
        <h1>{t('title')}</h1>
        <nav aria-label={t('title')}>
          {(Object.keys(TABS) as Tab[]).map((one) => (
            <Link
              key={one}
              to={(one === 'channels' ? '/channels' : `/channels/${one}`) as '/'}
              activeOptions={{ exact: true }}
              aria-current={one === here ? 'page' : undefined}
            >
              {t(`tab.${one}`)}
            </Link>
          ))}
        </nav>
      </header>
      <Part />
    </section>
  )
}
