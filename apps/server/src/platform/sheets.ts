// Spreadsheets as files: a text stays a text, whatever it begins with.

import ExcelJS from 'exceljs'

export type Cell = string | number | null
export interface Sheet {
  name: string
  head: string[]
  rows: Cell[][]
}
/** What a spreadsheet would take for a formula or a command when it opens a text. */
const risky = /^[=+\-@\t\r]/
/** A CSV has no types: an apostrophe makes the cell a text. */
export const csvCell = (cell: Cell): string => {
  if (cell === null) return ''
  const text = typeof cell === 'number' ? String(cell) : risky.test(cell) ? `'${cell}` : cell
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
// The mark lets Excel read UTF-8.
export const csv = (s: Sheet): string =>
  `\ufeff${[s.head, ...s.rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`

/** A workbook in which every text is a text: a cell that begins like a formula is written as the string that it is. */
export async function xlsx(sheets: readonly Sheet[]): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  for (const s of sheets) {
    const sheet = book.addWorksheet(s.name, { views: [{ state: 'frozen', ySplit: 1 }] })
    for (const row of [s.head, ...s.rows]) {
      const added = sheet.addRow(row)
      // Text format, so that editing the cell does not turn it into a formula either.
      for (const [i, cell] of row.entries())
        if (typeof cell === 'string' && risky.test(cell)) added.getCell(i + 1).numFmt = '@'
    }
    sheet.getRow(1).font = { bold: true }
    for (const [i, title] of s.head.entries()) {
      const longest = Math.max(...[title, ...s.rows.slice(0, 200).map((r) => String(r[i] ?? ''))].map(width))
      sheet.getColumn(i + 1).width = Math.min(60, longest + 2)
    }
  }
  return Buffer.from(await book.xlsx.writeBuffer())
}
// A Chinese character is as wide as two Latin ones.
const width = (s: string) => [...s].reduce((n, c) => n + (c.charCodeAt(0) > 0x2e7f ? 2 : 1), 0)
