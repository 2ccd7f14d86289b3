import { defineConfig } from 'vitest/config'

// Two projects: `unit` is pure and answers in seconds; `db` runs against a real PostgreSQL cluster started once.
export default defineConfig({
  cacheDir: '.cache/vite',
  test: {
    projects: [
      {
        cacheDir: '.cache/vite-unit',
        test: {
          name: 'unit',
          include: ['packages/**/*.test.ts', 'apps/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.db.test.ts'],
        },
      },
      {
        cacheDir: '.cache/vite-db',
        test: {
          name: 'db',
          include: ['apps/**/*.db.test.ts'],
          globalSetup: ['apps/server/test/cluster.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
