import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { invalidateLive, makeQueryClient } from '../common/api/query'
import { firstMe } from '../common/first'
import { SessionProvider, useSession } from '../common/session'
import { SignIn } from '../common/signin/SignIn'
import { ErrorState, Loading } from '../common/states'
import '../common/theme/base.css'
import './field.css'
import { offlineOf } from '../offline'
import { startWorker } from '../offline/worker'
import { followPushes } from './pushes'
import { Shell } from './shell/Shell'

const client = makeQueryClient()
invalidateLive(client)

function Field() {
  const session = useSession()
  if (session.state === 'loading') return <Loading shape="cards" lines={3} />
  if (session.state === 'failed') return <ErrorState error={session.error} onRetry={session.again} />
  if (session.state === 'out') return <SignIn face="field" />
  return <Shell />
}

startWorker()
followPushes()
// Who is known already needs no further answer before his day is opened.
const known = firstMe()
if (known) void offlineOf(known)
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <SessionProvider keep>
        <Field />
      </SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
)
