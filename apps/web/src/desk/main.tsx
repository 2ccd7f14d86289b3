import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { App, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { StrictMode, useMemo } from 'react'
import { createRoot } from 'react-dom/client'
import { invalidateLive, makeQueryClient } from '../common/api/query'
import { useLanguage } from '../common/i18n/language'
import { SessionProvider, useSession } from '../common/session'
import { SignIn } from '../common/signin/SignIn'
import { ErrorState, Loading } from '../common/states'
import '../common/theme/base.css'
import { useTheme } from '../common/theme/theme'
import { router } from './router'
import { deskTheme } from './theme'

const client = makeQueryClient()
invalidateLive(client)

// A phone belongs in the field, unless someone asked for the desk.
if (matchMedia('(max-width: 700px) and (pointer: coarse)').matches && !new URLSearchParams(location.search).has('face'))
  location.replace('/m/')

function Desk() {
  const session = useSession()
  if (session.state === 'loading') return <Loading />
  if (session.state === 'failed') return <ErrorState error={session.error} onRetry={session.again} />
  if (session.state === 'out') return <SignIn face="desk" />
  return <RouterProvider router={router} />
}

function Root() {
  const language = useLanguage()
  const { theme } = useTheme()
  const antdTheme = useMemo(() => deskTheme(theme), [theme])
  return (
    <ConfigProvider
      locale={language === 'zh-CN' ? zhCN : enUS}
      theme={antdTheme}
      wave={{ disabled: true }}
      button={{ autoInsertSpace: false }}
    >
      <App component={false}>
        <QueryClientProvider client={client}>
          <SessionProvider>
            <Desk />
          </SessionProvider>
        </QueryClientProvider>
      </App>
    </ConfigProvider>
  )
}

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <Root />
  </StrictMode>,
)
