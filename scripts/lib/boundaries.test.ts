import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkBoundaries } from './boundaries.mjs'

describe('The walls of the house', () => {
  let base: string
  const put = (files: Record<string, string>) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(base, path)), { recursive: true })
      writeFileSync(join(base, path), text)
    }
  }
  const broken = () => checkBoundaries(base).problems.map((problem) => /\n {2}([\w-]+):/.exec(problem)?.[1] ?? problem)

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'walls-'))
    put({
      'package.json': JSON.stringify({
        imports: {
          '#contracts': './packages/contracts/src/index.ts',
          '#contracts/*': './packages/contracts/src/*.ts',
          '#geo': './packages/geo/src/index.ts',
        },
      }),
      'packages/contracts/src/index.ts': `export * from './people.schema'\nexport type A = 1`,
      'packages/contracts/src/people.schema.ts': `import { z } from 'zod'\nexport const p = z.string()`,
      'packages/contracts/src/words.ts': 'export const hello = 1',
      'packages/geo/src/index.ts': 'export const near = 1',
      'apps/server/src/platform/http.ts': 'export const http = 1',
      'apps/server/src/modules/people/index.ts': `import { http } from '../../platform/http'\nexport const me = http`,
      'apps/server/src/modules/people/store.ts': 'export const rows = 1',
      'apps/server/src/modules/visits/index.ts': `export { me } from '../people'`,
      'apps/web/src/common/api.ts': `import type { A } from '#contracts'\nexport { hello } from '#contracts/words'\nexport type B = A`,
      'apps/web/src/desk/page.tsx': `import '../common/api'`,
      'apps/web/src/field/page.tsx': `import '../common/api'`,
    })
  })
  afterEach(() => rmSync(base, { recursive: true }))

  test('stand in a house that keeps the plan', () => {
    expect(checkBoundaries(base)).toEqual({ files: 11, problems: [] })
  })

  test.each([
    ['a pure package that reads contracts', 'packages/geo/src/a.ts', `import '#contracts'`, 'pure-packages'],
    ['a pure package that opens files', 'packages/geo/src/a.ts', `import 'fs'`, 'pure-packages-touch-no-machine'],
    ['contracts with a second library', 'packages/contracts/src/a.ts', `import 'luxon'`, 'contracts-are-shapes'],
    [
      'a platform that knows a module',
      'apps/server/src/platform/a.ts',
      `import '../modules/people'`,
      'platform-knows-no-business',
    ],
    [
      'a module that passes by the front door, even for a type',
      'apps/server/src/modules/visits/a.ts',
      `import type { rows } from '../people/store'`,
      'through-the-front-door',
    ],
    [
      'a module that imports a later one',
      'apps/server/src/modules/people/a.ts',
      `export * from '../visits'`,
      'order-of-modules-people',
    ],
    [
      'a module without a place in the order',
      'apps/server/src/modules/parts/a.ts',
      `import '../../platform/http'`,
      'listed-modules',
    ],
    ['a field that imports the desk lazily', 'apps/web/src/field/a.ts', `import('../desk/page')`, 'faces-apart-field'],
    ['a common part that needs a face', 'apps/web/src/common/a.ts', `import '../desk/page'`, 'common-knows-no-face'],
    [
      'a browser that takes a schema by value',
      'apps/web/src/desk/a.ts',
      `import { p } from '#contracts/people.schema'`,
      'web-takes-schemas-as-types',
    ],
    [
      'a browser that imports the server',
      'apps/web/src/desk/a.ts',
      `import '../../../server/src/platform/http'`,
      'web-never-imports-the-server',
    ],
  ])('do not let through %s', (_what, path, text, rule) => {
    put({ [path]: text })
    expect(broken()).toContain(rule)
  })

  test('do not let two files need each other, unless for types only', () => {
    put({ 'packages/geo/src/a.ts': `import './b'`, 'packages/geo/src/b.ts': `import type { A } from './a'` })
    expect(broken()).toEqual([])
    put({ 'packages/geo/src/b.ts': `import './a'` })
    expect(checkBoundaries(base).problems).toEqual([
      expect.stringContaining('packages/geo/src/a.ts → packages/geo/src/b.ts → packages/geo/src/a.ts'),
    ])
  })

  test('show an import that leads nowhere', () => {
    put({ 'packages/geo/src/a.ts': `import './gone'\nimport '#contracts/gone'` })
    expect(broken()).toEqual([
      'packages/geo/src/a.ts → ./gone: the import leads nowhere',
      'packages/geo/src/a.ts → #contracts/gone: the import leads nowhere',
    ])
  })
})
