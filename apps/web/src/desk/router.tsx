import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate } from '@tanstack/react-router'
import { useMe } from '../common/session'
import { Loading } from '../common/states'
import { bindGo } from './go'
import { places, scenes } from './scenes'
import { Lost, Nothing, Shell } from './shell/Shell'

const root = createRootRoute({ component: Shell, notFoundComponent: Lost })

function Home() {
  const first = places(useMe().abilities).find((s) => s.nav !== false)
  return first ? <Navigate to={first.path} replace /> : <Nothing />
}

const routes = scenes.flatMap((scene) =>
  Object.entries(scene.pages).map(([path, load]) =>
    createRoute({
      getParentRoute: () => root,
      path: path ? `${scene.path}/${path}` : scene.path,
      component: lazyRouteComponent(load),
    }),
  ),
)

export const router = createRouter({
  routeTree: root.addChildren([createRoute({ getParentRoute: () => root, path: '/', component: Home }), ...routes]),
  defaultPreload: 'intent',
  defaultPendingMs: 200,
  defaultPendingComponent: Loading,
  defaultNotFoundComponent: Lost,
  scrollRestoration: true,
  // Plain text both ways: the default would write the text 70 as "70", in quotes, and read it back as a number.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(
      Object.entries(search).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
    ).toString()
    return text ? `?${text}` : ''
  },
})
bindGo((path) => router.history.push(path))
