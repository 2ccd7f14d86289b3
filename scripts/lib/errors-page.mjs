// docs/errors.md from the catalogue: `node scripts/lib/errors-page.mjs` writes it, `npm run check` compares.
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { root } from './say.mjs'

const path = `${root}/docs/errors.md`

/** The page as it should be. */
async function errorsPage() {
  const { build } = await import('esbuild') // needs a package: not before the installation
  const out = await build({
    entryPoints: [`${root}/packages/contracts/src/errors/index.ts`],
    bundle: true,
    format: 'esm',
    write: false,
  })
  const { errorCatalogue } = await import(`data:text/javascript,${encodeURIComponent(out.outputFiles[0].text)}`)
  const cell = (s) => s.replaceAll('|', '\\|')
  const rows = Object.entries(errorCatalogue)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, e]) =>
        `| <a id="${code}"></a>\`${code}\` | ${e.status} | ${cell(e.zh)}。${cell(e.zhAction)} | ${cell(e.en)}. ${cell(e.enAction)} |`,
    )
  return `# 错误码 · Errors

由 \`packages/contracts/src/errors\` 生成，请勿手改。Generated; do not edit.

| code | HTTP | 中文 | English |
|---|---|---|---|
${rows.join('\n')}
`
}

/** Problems: none, or that the page is old. */
export async function errorsPageProblems() {
  const wanted = await errorsPage()
  return readFileSync(path, 'utf8') === wanted ? [] : ['docs/errors.md is old: run `node scripts/lib/errors-page.mjs`']
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) writeFileSync(path, await errorsPage())
