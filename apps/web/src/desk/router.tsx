import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate } from '@tanstack/react-router'
import { useMe } from '../common/session'
import { Loading } from '../common/states'
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
})
