import type { Content, TableCell } from 'pdfmake/interfaces'
import type { z } from 'zod'
import type { DocumentView, TemplateField } from '#contracts/documents.schema'
import type { FileStore } from '../../platform/files'
import { printPdf } from '../../platform/pdf'
import { dataUrl, type PrintedPhoto, rowsOf } from './pdf-photos'
import { isWork, workOf } from './pdf-work'
import { factAt } from './rules'

type View = z.output<typeof DocumentView>
type Field = z.output<typeof TemplateField>
type Lang = 'zh-CN' | 'en-US'

const words = {
  'zh-CN': {
    signed: '客户签字',
    at: '签字时间',
    hash: '内容指纹',
    unsigned: '尚未签字',
    draft: '草稿',
    yes: '是',
    no: '否',
    page: (a: number, b: number) => `第 ${a} 页，共 ${b} 页`,
    empty: '—',
    lead: '主责',
    phone: '工程师手机',
    link: '客户链接',
  },
  'en-US': {
    signed: 'Signed by the customer',
    at: 'Signed at',
    hash: 'Fingerprint',
    unsigned: 'Not signed yet',
    draft: 'Draft',
    yes: 'Yes',
    no: 'No',
    page: (a: number, b: number) => `Page ${a} of ${b}`,
    empty: '—',
    lead: 'lead',
    phone: "engineer's phone",
    link: "customer's link",
  },
}

function instant(value: unknown, lang: Lang, zone: string): string {
  const at = typeof value === 'string' || typeof value === 'number' ? new Date(value) : null
  if (!at || Number.isNaN(at.getTime())) return words[lang].empty
  return new Intl.DateTimeFormat(lang, {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(at)
}

function shown(f: Field, view: View, lang: Lang, zone: string): string {
  const w = words[lang]
  const value = f.source ? factAt(view.facts, f.source) : view.values[f.key]
  if (f.format === 'instant') return instant(value, lang, zone)
  if (f.format === 'people' && Array.isArray(value))
    return value.map((p) => (p as { name: string }).name).join('、') || w.empty
  if (f.type === 'check') return value === true ? w.yes : w.no
  if (f.type === 'choice') {
    const option = f.options?.find((o) => o.value === value)
    return option ? (lang === 'zh-CN' ? option.label.zh : option.label.en) : w.empty
  }
  if (value === undefined || value === null || value === '') return w.empty
  return f.unit ? `${value} ${f.unit}` : String(value)
}

/** Draws a document as PDF: A4, Noto Sans SC, facts and values in the template's order, photos, signature, fingerprint. */
export async function renderPdf(d: {
  view: View
  company: string
  signatureSha256: string | null
  files: FileStore
  /** Photos by id, stamped and small enough to print. */
  photos: (ids: readonly string[]) => Promise<ReadonlyMap<string, PrintedPhoto>>
  lang: Lang
  zone: string
}): Promise<Buffer> {
  const { view, lang, zone } = d
  const w = words[lang]
  const t = (x: { zh: string; en: string }) => (lang === 'zh-CN' ? x.zh : x.en)
  const body: Content[] = [
    { text: d.company, style: 'company' },
    { text: t(view.title), style: 'title' },
  ]
  for (const section of view.template.body.sections) {
    // What was recorded on site has its place only where something was.
    if (section.fields.every((f) => isWork(f.format) && nothing(factAt(view.facts, f.source ?? '')))) continue
    body.push({ text: t(section.title), style: 'section' })
    const rows: TableCell[][] = []
    for (const f of section.fields) {
      if (f.type === 'photos' || f.type === 'table' || isWork(f.format)) continue
      rows.push([{ text: t(f.label), color: '#55606a' }, { text: shown(f, view, lang, zone) }])
    }
    if (rows.length > 0)
      body.push({
        table: { headerRows: 0, widths: [90, '*'], body: rows },
        layout: 'lightHorizontalLines',
        margin: [0, 0, 0, 6],
      })
    for (const f of section.fields.filter((f) => isWork(f.format)))
      body.push(...(await workOf(f, factAt(view.facts, f.source ?? ''), lang, d.photos)))
    for (const f of section.fields.filter((f) => f.type === 'table')) {
      const lines = (view.values[f.key] as Record<string, string>[] | undefined) ?? []
      body.push({ text: t(f.label), style: 'label' })
      body.push({
        table: {
          headerRows: 1,
          widths: (f.columns ?? []).map(() => '*'),
          body: [
            (f.columns ?? []).map((c) => ({ text: t(c.label), bold: true })),
            ...lines.map((l) => (f.columns ?? []).map((c) => ({ text: l[c.key] || w.empty }))),
          ],
        },
        layout: 'lightHorizontalLines',
        margin: [0, 0, 0, 6],
      })
    }
    for (const f of section.fields.filter((f) => f.type === 'photos')) {
      const images = await photos(view, f.key, d.photos)
      if (images.length > 0) body.push({ text: t(f.label), style: 'label' }, ...rowsOf(images))
    }
  }
  body.push({ text: t(view.template.body.clause), style: 'clause' })
  if (view.signature) {
    const image = d.signatureSha256 ? await pngOf(d.files, d.signatureSha256) : null
    const s = view.signature
    body.push({
      unbreakable: true,
      stack: [
        { text: w.signed, style: 'section' },
        ...(image ? [{ image, fit: [180, 80] as [number, number] }] : []),
        { text: [s.signerName, s.signerTitle].filter(Boolean).join('　') },
        { text: `${w.at} ${instant(s.at, lang, zone)}（${s.method === 'phone' ? w.phone : w.link}）`, style: 'small' },
        { text: `${w.hash} SHA-256 ${s.documentHash}`, style: 'small' },
      ],
    })
  } else body.push({ text: w.unsigned, style: 'small' })

  return printPdf({
    pageSize: 'A4',
    pageMargins: [48, 44, 48, 52],
    content: body,
    defaultStyle: { font: 'Noto', fontSize: 10, lineHeight: 1.3 },
    styles: {
      company: { fontSize: 10, color: '#55606a' },
      title: { fontSize: 20, bold: true, margin: [0, 2, 0, 10] },
      section: { fontSize: 12, bold: true, margin: [0, 10, 0, 4], color: '#0f5f5c' },
      label: { bold: true, margin: [0, 4, 0, 2] },
      clause: { margin: [0, 12, 0, 6], color: '#333333' },
      small: { fontSize: 8, color: '#55606a' },
    },
    info: { title: t(view.title), author: d.company },
    footer: (page: number, pages: number) => ({
      text: `${view.template.key} v${view.template.version}　${w.page(page, pages)}`,
      alignment: 'center',
      fontSize: 8,
      color: '#88929a',
      margin: [0, 16, 0, 0],
    }),
  })
}

const nothing = (v: unknown) => !Array.isArray(v) || v.length === 0

async function pngOf(files: FileStore, sha256: string): Promise<string> {
  const chunks: Buffer[] = []
  for await (const c of files.read(sha256)) chunks.push(c as Buffer)
  return dataUrl('image/png', Buffer.concat(chunks))
}

/** The photos that the engineer chose, or all of the visit when he chose none; those whose bytes have arrived. */
async function photos(
  view: View,
  key: string,
  copies: (ids: readonly string[]) => Promise<ReadonlyMap<string, PrintedPhoto>>,
): Promise<PrintedPhoto[]> {
  const all = (view.facts.photos as { id: string; sha256: string }[] | undefined) ?? []
  const chosen = view.values[key] as string[] | undefined
  const ids = all.map((p) => p.id).filter((id) => !chosen || chosen.length === 0 || chosen.includes(id))
  const found = await copies(ids.slice(0, 12))
  return ids.flatMap((id) => found.get(id) ?? [])
}
