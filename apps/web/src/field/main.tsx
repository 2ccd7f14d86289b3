import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, startTransition } from 'react'
import { createRoot } from 'react-dom/client'
import { invalidateLive, makeQueryClient } from '../common/api/query'
import { knownMe, SessionProvider, useSession } from '../common/session'
import { SignIn } from '../common/signin/SignIn'
import { ErrorState, Loading } from '../common/states'
import '../common/theme/base.css'
import './field.css'
import { startWorker } from '../offline/worker'
import { followPushes } from './pushes'
import { loadPage } from './scenes'
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
const root = createRoot(document.getElementById('root') as HTMLElement)
// As a transition the first drawing is done in slices: a slow phone answers a tap in between.
const draw = () =>
  startTransition(() =>
    root.render(
      <StrictMode>
        <QueryClientProvider client={client}>
          <SessionProvider keep>
            <Field />
          </SessionProvider>
        </QueryClientProvider>
      </StrictMode>,
    ),
  )
// Whoever is known goes straight to his page.
if (knownMe()) void loadPage(location.pathname).then(draw, draw)
else draw()
