import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { fingerprint } from './fingerprint.mjs'
import { root, step } from './say.mjs'

const brotli = promisify(brotliCompress)
const shared = ['package-lock.json', 'scripts/lib/build.mjs', 'packages']

const targets = {
  server: {
    zh: '构建服务端',
    out: 'dist/server/main.mjs',
    sources: ['apps/server/src', 'apps/server/seed', ...shared],
    make: () => bundle('apps/server/src/main.ts', 'dist/server/main.mjs'),
  },
  cli: {
    zh: '构建命令行',
    out: 'dist/cli/zhuchang.mjs',
    sources: ['apps/cli/src', 'apps/server/src', 'apps/server/seed', ...shared],
    make: () => bundle('apps/cli/src/main.ts', 'dist/cli/zhuchang.mjs'),
  },
  bench: {
    zh: '构建测速',
    out: 'dist/bench/main.mjs',
    sources: ['bench', 'apps/server/src', 'apps/server/test', 'apps/server/seed', ...shared],
    make: () => bundle('bench/main.ts', 'dist/bench/main.mjs'),
  },
  web: { zh: '构建网页', out: 'dist/web/.vite/link.json', sources: ['apps/web', ...shared], make: buildWeb },
}

/** Builds what has changed since it was last built: all, or the targets named. */
export async function build(names = ['server', 'cli', 'web'], { quiet = false } = {}) {
  for (const name of names) {
    const target = targets[name]
    if (!target) throw new Error(`Nothing to build is called ${name}: ${Object.keys(targets).join(', ')}`)
    const note = join(root, 'dist', `${name}.sha256`)
    const now = fingerprint(target.sources)
    const current = existsSync(join(root, target.out)) && existsSync(note) && readFileSync(note, 'utf8') === now
    if (current) continue
    rmSync(note, { force: true })
    if (quiet) await target.make()
    else await step(target.zh, `build ${name}`, target.make)
    mkdirSync(dirname(note), { recursive: true })
    writeFileSync(note, now)
  }
}

async function bundle(entry, out) {
  const esbuild = await import('esbuild')
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: out,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    plugins: [inlineJson],
    sourcemap: true,
    logLevel: 'warning',
  })
}

// Node takes JSON from a package only with an import attribute, which not every bundler writes: take it in.
const inlineJson = {
  name: 'inline-json',
  setup(bundler) {
    const { resolve } = createRequire(join(root, 'package.json'))
    bundler.onResolve({ filter: /^[^./].*\.json$/ }, ({ path }) => ({ path: resolve(path) }))
  },
}

export const faces = ['desk', 'field', 'link']

async function buildWeb() {
  const vite = await import('vite')
  rmSync(join(root, 'dist/web'), { recursive: true, force: true })
  for (const face of faces) {
    process.env.ZHUCHANG_FACE = face
    await vite.build({
      configFile: join(root, 'apps/web/vite.config.ts'),
      logLevel: 'warn',
      plugins: [recordModules(face)],
    })
  }
  await buildWorker()
  await compress(join(root, 'dist/web/assets'))
}

/**
 * The phone's service worker with the list of what it keeps: the field face and nothing of the others. What a start needs
 * comes with the installation; large files that only some days need (the reader of codes) follow after it.
 */
async function buildWorker() {
  const web = join(root, 'dist/web')
  const html = readdirSync(web).includes('field.html') ? 'field.html' : 'apps/web/field.html'
  const page = readFileSync(join(web, html), 'utf8')
  const built = readdirSync(join(web, 'assets/field'), { recursive: true }).map((f) => `assets/field/${f}`)
  const files = [...built.filter((f) => /\.\w+$/.test(f)), 'mark.svg', 'field.webmanifest', 'icons/field-192.png']
  const size = (f) => statSync(join(web, f)).size
  const hash = createHash('sha256').update(page)
  for (const f of files) hash.update(f).update(readFileSync(join(web, f)))
  const esbuild = await import('esbuild')
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['apps/web/worker/sw.ts'],
    outfile: 'dist/web/sw.js',
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['es2022', 'chrome107', 'safari16'],
    define: {
      __BUILD__: JSON.stringify({
        version: hash.digest('hex').slice(0, 12),
        page: page.match(/assets\/field\/[\w.-]+\.js/)?.[0] ?? '',
        first: files.filter((f) => !f.endsWith('.wasm') && size(f) < 400_000).map((f) => `/${f}`),
        later: files.filter((f) => f.endsWith('.wasm') || size(f) >= 400_000).map((f) => `/${f}`),
      }),
    },
    logLevel: 'warning',
  })
}

/** Brotli at its best beside each text file: it takes seconds here and nothing on every request. */
async function compress(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((f) => /\.(js|css|json|svg|wasm)$/.test(f))
  for (const file of files) {
    const bytes = readFileSync(join(folder, file))
    if (bytes.length < 1024) continue
    const params = { [constants.BROTLI_PARAM_QUALITY]: bytes.length > 400_000 ? 9 : 11 }
    writeFileSync(join(folder, `${file}.br`), await brotli(bytes, { params }))
  }
}

/** Writes which modules went into which chunk: the budgets ask what an entry carries. */
function recordModules(face) {
  return {
    name: 'record-modules',
    generateBundle(_options, chunks) {
      const modules = {}
      for (const chunk of Object.values(chunks)) {
        if (chunk.type !== 'chunk') continue
        modules[chunk.fileName] = chunk.moduleIds.map((id) => id.replace(`${root}/`, '').replaceAll('\0', ''))
      }
      this.emitFile({ type: 'asset', fileName: `.vite/${face}.modules.json`, source: JSON.stringify(modules) })
    },
  }
}
