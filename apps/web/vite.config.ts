import { fileURLToPath } from 'node:url'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const api = process.env.ZHUCHANG_API ?? 'http://localhost:8080'

/** The server answers these addresses with a face; the dev server has to do the same, or a reload on /orders is a 404. */
function face(url: string): string | undefined {
  if (/^\/m(\/|$|\?)/.test(url)) return '/field.html'
  if (url.startsWith('/v/')) return '/link.html'
  return undefined
}

export default defineConfig({
  root: here('.'),
  cacheDir: here('../../.cache/vite-web'),
  appType: 'mpa',
  plugins: [
    react(),
    tailwindcss(),
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
    emptyOutDir: true,
    manifest: true,
    target: ['es2022', 'chrome107', 'safari16'],
    // The desk's antd chunk is large on purpose; scripts/budgets.mjs holds the real limits, gzipped and by entry.
    chunkSizeWarningLimit: 2500,
    rollupOptions: { input: { desk: here('desk.html'), field: here('field.html'), link: here('link.html') } },
  },
})
