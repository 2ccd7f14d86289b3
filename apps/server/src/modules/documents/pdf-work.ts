// The tables of what was recorded on site: checks with their photos, parts, serial numbers, notes.

import type { Content, TableCell } from 'pdfmake/interfaces'
import { z } from 'zod'
import { type TemplateField, WorkFacts } from '#contracts/documents.schema'
import { type PrintedPhoto, rowsOf } from './pdf-photos'

type Field = z.output<typeof TemplateField>
type Lang = 'zh-CN' | 'en-US'
type Row = z.output<typeof WorkFacts>['checks'][number]['rows'][number]

const work = ['checks', 'parts', 'serials', 'notes']
export const isWork = (format: Field['format']) => format !== undefined && work.includes(format)

const words = {
  'zh-CN': {
    item: '检查项',
    result: '结果',
    limits: '标准',
    note: '说明',
    pass: '合格',
    fail: '不合格',
    na: '不适用',
    photos: (n: string) => `照片 ${n} 张`,
    number: '编号',
    name: '名称',
    qty: '数量',
    serials: '序列号（新 / 旧）',
    returned: '旧件已回收',
    serial: '序列号',
    model: '型号',
    sum: (n: number, failed: number) => (failed > 0 ? `共 ${n} 项，${failed} 项不合格` : `共 ${n} 项，全部合格`),
  },
  'en-US': {
    item: 'Check',
    result: 'Result',
    limits: 'Limits',
    note: 'Note',
    pass: 'Pass',
    fail: 'Fail',
    na: 'N/A',
    photos: (n: string) => `${n} photos`,
    number: 'Number',
    name: 'Name',
    qty: 'Quantity',
    serials: 'Serial (new / old)',
    returned: 'old part returned',
    serial: 'Serial number',
    model: 'Model',
    sum: (n: number, failed: number) => (failed > 0 ? `${n} checks, ${failed} failed` : `${n} checks, all passed`),
  },
}

const table = (widths: (number | string)[], head: string[], rows: TableCell[][]): Content => ({
  table: { headerRows: 1, widths, body: [head.map((text) => ({ text, bold: true })), ...rows] },
  layout: 'lightHorizontalLines',
  margin: [0, 0, 0, 6],
})

/** One fact of the worksheet as the document prints it; nothing when nothing was recorded. */
export async function workOf(
  f: Field,
  value: unknown,
  lang: Lang,
  photos: (ids: readonly string[]) => Promise<ReadonlyMap<string, PrintedPhoto>>,
): Promise<Content[]> {
  const w = words[lang]
  const t = (x: { zh: string; en: string }) => (lang === 'zh-CN' ? x.zh : x.en || x.zh)
  const parsed = z.array(z.unknown()).safeParse(value)
  if (!parsed.success || parsed.data.length === 0) return []
  const label: Content = { text: t(f.label), style: 'label' }
  const shape = WorkFacts.shape
  if (f.format === 'checks') {
    const out: Content[] = []
    for (const list of shape.checks.catch([]).parse(value)) {
      const said = (r: Row): string =>
        r.kind === 'passFail' && r.verdict in { pass: 1, fail: 1, na: 1 }
          ? w[r.verdict as 'pass']
          : r.value === null
            ? '—'
            : r.kind === 'photo'
              ? w.photos(String(r.value))
              : `${typeof r.value === 'string' ? r.value : t(r.value)}${r.verdict === 'fail' ? `（${w.fail}）` : ''}`
      out.push({ text: `${t(list.title)}　${w.sum(list.answered, list.failed)}`, style: 'label' })
      out.push(
        table(
          ['*', 90, 60, '*'],
          [w.item, w.result, w.limits, w.note],
          list.rows.map((r) => [
            { text: t(r.label) },
            { text: said(r), ...(r.verdict === 'fail' ? { color: '#b3261e', bold: true } : {}) },
            { text: r.limits ?? '' },
            { text: r.note ?? '' },
          ]),
        ),
      )
      for (const r of list.rows.filter((r) => r.photos.length > 0)) {
        const found = await photos(r.photos.slice(0, 6))
        const images = r.photos.flatMap((id) => found.get(id) ?? [])
        if (images.length > 0) out.push({ text: t(r.label), style: 'small' }, ...rowsOf(images))
      }
    }
    return out
  }
  if (f.format === 'parts')
    return [
      label,
      table(
        [80, '*', 60, '*'],
        [w.number, w.name, w.qty, w.serials],
        shape.parts
          .catch([])
          .parse(value)
          .map((p) => [
            { text: p.number ?? '—' },
            { text: p.returned ? `${p.name}（${w.returned}）` : p.name },
            { text: `${p.qty} ${p.unit}` },
            { text: [p.serialIn, p.serialOut].some(Boolean) ? `${p.serialIn ?? '—'} / ${p.serialOut ?? '—'}` : '' },
          ]),
      ),
    ]
  if (f.format === 'serials')
    return [
      label,
      table(
        ['*', '*', '*'],
        [w.serial, w.name, w.model],
        shape.serials
          .catch([])
          .parse(value)
          .map((s) => [{ text: s.serial }, { text: s.name ?? '—' }, { text: s.model ?? '—' }]),
      ),
    ]
  return [
    label,
    ...shape.notes
      .catch([])
      .parse(value)
      .map((n): Content => ({ text: n.text, margin: [0, 0, 0, 4] })),
  ]
}
