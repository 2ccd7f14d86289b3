import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig, minifySync } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const api = process.env.ZHUCHANG_API ?? 'http://localhost:8080'

/** The server answers these addresses with a face; the dev server has to do the same, or a reload on /orders is a 404. */
function face(url: string): string | undefined {
  if (/^\/m(\/|$|\?)/.test(url)) return '/field.html'
  if (url.startsWith('/v/')) return '/link.html'
  return undefined
}

const boot = () => minifySync('boot.js', readFileSync(here('public/boot.js'), 'utf8')).code

/** The faces share no file: an engineer's phone must not wait for what the desk needs, nor split its pages for it. */
const built = process.env.ZHUCHANG_FACE

type Modules = { getModuleInfo(id: string): { importedIds: readonly string[] } | null }

/** Which of the phone's three chunks a module belongs to; null: wherever the bundler sees fit. */
function fieldChunk() {
  const doors = { app: 'src/field/main.tsx', today: 'src/field/today/page.tsx', offline: 'src/offline/person.ts' }
  let chunkOf: Map<string, string> | undefined
  return (id: string, modules: Modules): string | null => {
    if (!chunkOf) {
      chunkOf = new Map()
      for (const [name, door] of Object.entries(doors)) {
        const open = [here(door)]
        for (let next = open.pop(); next; next = open.pop()) {
          if (chunkOf.has(next)) continue
          chunkOf.set(next, name)
          open.push(...(modules.getModuleInfo(next)?.importedIds ?? []))
        }
      }
      // A door is imported by name: moved into a group, it loses what it exports.
      for (const door of Object.values(doors)) chunkOf.delete(here(door))
    }
    return chunkOf.get(id) ?? null
  }
}

export default defineConfig({
  root: here('.'),
  cacheDir: here('../../.cache/vite-web'),
  appType: 'mpa',
  plugins: [
    react(),
    tailwindcss(),
    {
      // The theme must be known before the first paint; a file of its own would cost a round trip before it.
      name: 'inline-boot',
      apply: 'build',
      transformIndexHtml: (html) =>
        html.replace('<script src="/boot.js"></script>', () => `<script>${boot()}</script>`),
    },
    {
      name: 'faces',
      configureServer(server) {
        server.middlewares.use((req, _res, next) => {
          const url = req.url ?? '/'
          const isPage =
            req.headers.accept?.includes('text/html') && !/\.\w+($|\?)/.test(url) && !url.startsWith('/api')
          if (isPage) req.url = face(url) ?? '/desk.html'
          next()
        })
      },
    },
  ],
  server: { proxy: { '/api': { target: api, changeOrigin: false } } },
  build: {
    outDir: here('../../dist/web'),
    emptyOutDir: false,
    assetsDir: `assets/${built}`,
    manifest: `.vite/${built}.json`,
    target: ['es2022', 'chrome107', 'safari16'],
    // The desk's antd chunk is large on purpose; scripts/budgets.mjs holds the real limits, gzipped and by entry.
    chunkSizeWarningLimit: 2500,
    rollupOptions: {
      input: { [`${built}`]: here(`${built}.html`) },
      output: {
        // On a weak line each file costs a round trip: the entry comes in two, of which React changes seldom.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 2 },
            // Forty small files that a first page needs are forty questions on a weak line: one for what every page of
            // the phone has, one for Today, one for the phone's own database.
            ...(built === 'field'
              ? [{ debugName: 'field', name: fieldChunk(), includeDependenciesRecursively: false }]
              : []),
          ],
        },
      },
    },
  },
})
