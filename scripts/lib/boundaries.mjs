// The plan of the house as rules; docs/architecture.md says it in words. (dependency-cruiser cannot read the files with
// TypeScript 7, which has no JavaScript interface; the parser that knip brings can.)
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, posix } from 'node:path'
import { parseSync } from 'oxc-parser'

// In import order: a module imports only earlier ones, through their index.ts.
const modules = [
  'people',
  'notices',
  'threads',
  'approvals',
  'customers',
  'projects',
  'documents',
  'workorders',
  'engineers',
  'worksheets',
  'visits',
  'sync',
  'dispatch',
  'requests',
  'surveys',
  'links',
  'office',
  'knowledge',
  'community',
  'metrics',
  'intake',
  'assistant',
]
const pure = ['lifecycle', 'calendar', 'geo', 'workday', 'dispatch-engine', 'forecast', 'zh-language', 'face']
const faces = ['desk', 'field', 'link']
const any = (names) => `(?:${names.join('|')})`
const test = '\\.test\\.tsx?$|/test/|/testing\\.ts$|/seed/'

export const rules = [
  {
    name: 'pure-packages',
    why: 'Pure packages know neither contracts nor applications, so that they run anywhere and are tested as tables.',
    from: { path: `^packages/${any(pure)}/` },
    to: { path: '^apps/|^packages/contracts/' },
  },
  {
    name: 'pure-packages-use-only-calendar-and-geo',
    why: 'Among themselves pure packages use calendar and geo only: each can be understood alone.',
    from: { path: `^packages/(${any(pure)})/` },
    to: { path: `^packages/${any(pure)}/`, pathNot: '^packages/(?:$1|calendar|geo)/' },
  },
  {
    name: 'pure-packages-touch-no-machine',
    why: 'No files, network or processes in a pure package: text and numbers in, answers out. Clock and seed are arguments.',
    from: { path: `^packages/${any([...pure, 'contracts'])}/src/`, pathNot: test },
    to: { path: '^node:' },
  },
  {
    name: 'contracts-are-shapes',
    why: 'Contracts hold shapes: zod and nothing else, so that everyone may read them.',
    from: { path: '^packages/contracts/', pathNot: test },
    to: { pathNot: '^packages/contracts/|^zod$' },
  },
  {
    name: 'platform-knows-no-business',
    why: 'The platform carries every module and knows none: what it needs of one, the module hands it.',
    from: { path: '^apps/server/src/platform/', pathNot: test },
    to: { path: '^apps/server/src/(?:modules|connectors)/' },
  },
  {
    name: 'through-the-front-door',
    why: 'A module is called through its index.ts: what is not there is nobody’s business.',
    from: { path: '^apps/server/src/modules/([^/]+)/', pathNot: test },
    to: { path: '^apps/server/src/modules/([^/]+)/', pathNot: '^apps/server/src/modules/(?:$1/|[^/]+/index\\.ts$)' },
  },
  ...modules.map((name, at) => ({
    name: `order-of-modules-${name}`,
    why: `${name} may import only modules before it (${modules.slice(0, at).join(', ') || 'none'}): to reach the other way, publish an event.`,
    from: { path: `^apps/server/src/modules/${name}/`, pathNot: test },
    to: { path: '^apps/server/src/modules/', pathNot: `^apps/server/src/modules/${any(modules.slice(0, at + 1))}/` },
  })),
  {
    name: 'listed-modules',
    why: 'A new module gets its place in the order: scripts/lib/boundaries.mjs, modules.ts and docs/architecture.md.',
    from: { path: '^apps/server/src/modules/[^/]+/', pathNot: `^apps/server/src/modules/${any(modules)}/` },
    to: { path: '^apps/server/src/platform/' },
  },
  {
    name: 'modules-know-no-vendor',
    why: 'A module declares a port; the connector fulfils it. So a vendor can be changed without touching the business.',
    from: { path: '^apps/server/src/modules/', pathNot: test },
    to: { path: '^apps/server/src/connectors/' },
  },
  {
    name: 'connectors-stand-alone',
    why: 'A connector imports contracts, platform, the port it fulfils and the index.ts it feeds; never another connector.',
    from: { path: '^apps/server/src/connectors/([^/]+)/', pathNot: test },
    to: {
      path: '^apps/server/src/(?:connectors|modules)/',
      pathNot: '^apps/server/src/(?:connectors/$1/|modules/[^/]+/(?:index|port)\\.ts$)',
    },
  },
  {
    name: 'only-the-root-knows-everyone',
    why: 'main.ts puts everything together; whoever imports it, imports all.',
    from: { path: '^apps/server/src/', pathNot: test },
    to: { path: '^apps/server/src/main\\.ts$' },
  },
  ...faces.map((face) => ({
    name: `faces-apart-${face}`,
    why: `${face} never imports another face: each loads alone. What they share lives in web/src/common.`,
    from: { path: `^apps/web/src/${face}/` },
    to: { path: `^apps/web/src/${any(faces.filter((other) => other !== face))}/` },
  })),
  {
    name: 'common-knows-no-face',
    why: 'What is common to the faces cannot need one of them.',
    from: { path: '^apps/web/src/(?:common|offline)/' },
    to: { path: `^apps/web/src/${any(faces)}/` },
  },
  {
    name: 'offline-is-for-the-field',
    why: 'The local store and the outbox belong to the phone; desk and link are online.',
    from: { path: '^apps/web/src/(?:desk|link|common)/' },
    to: { path: '^apps/web/src/offline/' },
  },
  {
    name: 'web-never-imports-the-server',
    why: 'The browser speaks to the server through contracts.',
    from: { path: '^apps/web/' },
    to: { path: '^apps/(?:server|cli)/' },
  },
  {
    name: 'web-takes-schemas-as-types',
    why: 'A schema imported by value carries zod and every shape into the browser: import type.',
    // A test may: it stays out of the browser.
    from: { path: '^apps/web/', pathNot: test },
    to: { path: '^packages/contracts/.*(?:\\.schema|/index)\\.ts$', typesAllowed: true },
  },
  {
    name: 'server-never-imports-the-web',
    why: 'The server serves files of the web; it does not run them.',
    from: { path: '^apps/(?:server|cli)/' },
    to: { path: '^apps/web/' },
  },
  {
    name: 'tests-are-not-imported',
    why: 'The product does not need its tests to run.',
    from: { pathNot: `${test}|^e2e/|^bench/` },
    to: { path: '\\.test\\.tsx?$|^apps/server/test/' },
  },
]

/**
 * Every import under `folders` of `base` that breaks a rule, leads nowhere, or closes a circle. Packages are known by
 * their bare name, Node's own by `node:`, files by their path from `base`.
 */
export function checkBoundaries(base, folders = ['apps', 'packages']) {
  const files = folders.flatMap((folder) => sources(base, folder))
  const aliases = Object.entries(JSON.parse(readFileSync(join(base, 'package.json'), 'utf8')).imports ?? {})
  const problems = []
  const graph = new Map()
  for (const file of files) {
    const needed = []
    for (const { request, typeOnly } of importsOf(base, file)) {
      const to = resolveImport(base, file, request, aliases)
      if (!to) problems.push(`${file} → ${request}: the import leads nowhere`)
      if (!to) continue
      if (!typeOnly) needed.push(to)
      for (const rule of rules) {
        if (breaks(rule, file, to, typeOnly)) problems.push(`${file} → ${to}\n  ${rule.name}: ${rule.why}`)
      }
    }
    graph.set(file, needed)
  }
  for (const circle of circles(graph)) {
    problems.push(`${circle.join(' → ')}\n  Files that need each other are one file, or a third is missing.`)
  }
  return { files: files.length, problems }
}

function breaks({ from, to }, file, target, typeOnly) {
  const match = from.path ? new RegExp(from.path).exec(file) : ['']
  if (!match || (from.pathNot && new RegExp(from.pathNot).test(file))) return false
  if (to.typesAllowed && typeOnly) return false
  const fill = (pattern) => new RegExp(pattern.replace('$1', match[1] ?? ''))
  if (to.path && !fill(to.path).test(target)) return false
  return !(to.pathNot && fill(to.pathNot).test(target))
}

function sources(base, folder) {
  const full = join(base, folder)
  if (!existsSync(full)) return []
  return readdirSync(full).flatMap((name) => {
    const path = `${folder}/${name}`
    if (name === 'node_modules' || name === 'dist') return []
    if (statSync(join(base, path)).isDirectory()) return sources(base, path)
    return /\.(tsx?|mjs)$/.test(name) ? [path] : []
  })
}

function importsOf(base, file) {
  const text = readFileSync(join(base, file), 'utf8')
  const { module } = parseSync(file, text)
  const found = new Map()
  // An import of nothing but types is gone when the program runs.
  const note = (request, typeOnly) => found.set(request, typeOnly && (found.get(request) ?? true))
  for (const { moduleRequest, entries } of module.staticImports) {
    note(moduleRequest.value, entries.length > 0 && entries.every((entry) => entry.isType))
  }
  for (const { entries } of module.staticExports) {
    for (const entry of entries) if (entry.moduleRequest) note(entry.moduleRequest.value, entry.isType)
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^(['"`])([^'"`$]+)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end))
    if (literal) note(literal[2], false)
  }
  return [...found].map(([request, typeOnly]) => ({ request, typeOnly }))
}

function resolveImport(base, file, request, aliases) {
  const plain = request.replace(/\?.*$/, '')
  if (plain.startsWith('virtual:')) return plain
  if (plain.startsWith('node:') || builtinModules.includes(plain)) return `node:${plain.replace(/^node:/, '')}`
  if (plain.startsWith('.')) return existing(base, posix.join(dirname(file), plain))
  if (!plain.startsWith('#')) return plain
  for (const [pattern, target] of aliases) {
    const [head, tail] = pattern.split('*')
    if (pattern === plain) return existing(base, posix.normalize(target))
    if (tail !== undefined && plain.startsWith(head) && plain.endsWith(tail)) {
      const middle = plain.slice(head.length, plain.length - tail.length)
      const path = existing(base, posix.normalize(target.replace('*', middle)))
      if (path) return path
    }
  }
  return undefined
}

function existing(base, path) {
  const tries = [path, `${path}.ts`, `${path}.tsx`, `${path}/index.ts`, `${path}/index.tsx`]
  const isFile = (name) => existsSync(join(base, name)) && statSync(join(base, name)).isFile()
  // What a build makes is there only after the build.
  return tries.find(isFile) ?? (/(^|\/)dist\//.test(path) ? path : undefined)
}

function circles(graph) {
  const found = []
  const state = new Map()
  const walk = (file, path) => {
    state.set(file, 'open')
    for (const next of graph.get(file) ?? []) {
      if (state.get(next) === 'open') found.push([...path.slice(path.indexOf(next)), next])
      else if (!state.has(next) && graph.has(next)) walk(next, [...path, next])
    }
    state.set(file, 'done')
  }
  for (const file of graph.keys()) if (!state.has(file)) walk(file, [file])
  return found
}
