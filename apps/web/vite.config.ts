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
          groups: [{ name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ }],
        },
      },
    },
  },
})
