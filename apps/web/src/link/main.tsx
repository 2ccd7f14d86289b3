import { lazy, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { useWords } from '../common/i18n/words'
import { Empty, Guard, Loading } from '../common/states'
import '../common/theme/base.css'
import './link.css'
import type { Scene } from './scene'
import { LinkShell } from './shell/Shell'
import { words } from './shell/words'

const modules = import.meta.glob<{ scene: Scene }>('./*/scene.{ts,tsx}', { eager: true })
const pages = new Map(Object.values(modules).map(({ scene }) => [scene.path, lazy(scene.page)]))

function Lost() {
  const t = useWords(words)
  return (
    <LinkShell>
      <Empty title={t('lost.title')}>{t('lost.text')}</Empty>
    </LinkShell>
  )
}

function Root() {
  const [, , first, ...rest] = location.pathname.split('/')
  // A site's screen is no customer's link: its address says so first, `/v/site/:token`.
  const [token, path] = first === 'site' ? [rest[0], 'site'] : [first, rest.join('/')]
  const Page = pages.get(path)
  if (!token || !Page) return <Lost />
  return (
    <Guard>
      <Suspense fallback={<Loading />}>
        <Page token={token} />
      </Suspense>
    </Guard>
  )
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <Root />
  </StrictMode>,
)
