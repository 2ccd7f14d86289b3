import type { ReplicaRows } from '#contracts/replica'
import { workFacts } from '#lifecycle/worksheet'
import type { BodyOf } from '../commands'
import { type Acted, eventTime, type Predict } from './predict'

type Sheet = ReplicaRows['worksheet']
type Answer = Sheet['answers'][number]

const who = (item: Acted) => ({
  at: new Date(eventTime(item)).toISOString(),
  by: { id: item.by, name: item.byName },
})

/** Changes the worksheet, and what flows from it into the papers of its visits as long as nobody has signed them. */
function write(rows: Parameters<Predict>[0], item: Acted, change: (s: Sheet) => Partial<Sheet>): void {
  rows.change('worksheet', item.subject, change)
  const sheet = rows.get('worksheet', item.subject)
  if (!sheet) return
  const work = workFacts(sheet)
  for (const [id, d] of rows.all('document'))
    if (sheet.visitIds.includes(d.visitId) && d.state !== 'signed')
      rows.change('document', id, (row) => ({ facts: { ...row.facts, work } }))
}

function answered(s: Sheet, checklistId: string, item: string, change: (a: Answer | undefined) => Answer): Answer[] {
  const known = s.answers.find((a) => a.checklistId === checklistId && a.item === item)
  const next = change(known)
  return known ? s.answers.map((a) => (a === known ? next : a)) : [...s.answers, next]
}

export const worksheetPredictions: Record<string, Predict> = {
  'worksheet.answer': (rows, item) => {
    const b = item.body as BodyOf<'worksheet.answer'>
    write(rows, item, (s) => ({
      answers: answered(s, b.checklistId, b.item, (a) => ({
        checklistId: b.checklistId,
        item: b.item,
        value: b.value === undefined ? (a?.value ?? null) : b.value,
        note: b.note === undefined ? (a?.note ?? null) : b.note || null,
        followUp: a?.followUp ?? null,
        ...(b.value === undefined && a ? { at: a.at, by: a.by } : who(item)),
      })),
    }))
  },
  'worksheet.followUp': (rows, item) => {
    const b = item.body as BodyOf<'worksheet.followUp'>
    write(rows, item, (s) => ({
      answers: answered(s, b.checklistId, b.item, (a) => ({
        ...(a ?? { checklistId: b.checklistId, item: b.item, value: null, note: null, ...who(item) }),
        followUp: { orderId: b.followUpId, number: null, title: b.title },
      })),
    }))
  },
  'worksheet.usePart': (rows, item) => {
    const b = item.body as BodyOf<'worksheet.usePart'>
    const part = b.partId ? rows.get('part', b.partId) : undefined
    const line = {
      id: b.lineId,
      partId: part?.id ?? null,
      number: part?.number ?? b.number ?? null,
      name: part?.name ?? b.name,
      qty: b.qty,
      unit: part?.unit ?? b.unit,
      serialIn: b.serialIn ?? null,
      serialOut: b.serialOut ?? null,
      returned: b.returned ?? false,
      note: b.note ?? null,
      ...who(item),
    }
    write(rows, item, (s) => ({
      parts: s.parts.some((p) => p.id === line.id)
        ? s.parts.map((p) => (p.id === line.id ? line : p))
        : [...s.parts, line],
    }))
  },
  'worksheet.dropPart': (rows, item) => {
    const { lineId } = item.body as BodyOf<'worksheet.dropPart'>
    write(rows, item, (s) => ({ parts: s.parts.filter((p) => p.id !== lineId) }))
  },
  'worksheet.note': (rows, item) => {
    const b = item.body as BodyOf<'worksheet.note'>
    const note = { id: b.noteId, text: b.text, visibility: b.visibility, audioId: b.audioId ?? null, ...who(item) }
    write(rows, item, (s) => (s.notes.some((n) => n.id === note.id) ? {} : { notes: [...s.notes, note] }))
  },
  'worksheet.editNote': (rows, item) => {
    const b = item.body as BodyOf<'worksheet.editNote'>
    write(rows, item, (s) => ({
      notes: s.notes.map((n) =>
        n.id === b.noteId && n.by.id === item.by
          ? { ...n, text: b.text ?? n.text, visibility: b.visibility ?? n.visibility }
          : n,
      ),
    }))
  },
  'worksheet.scan': (rows, item) => {
    const b = item.body as BodyOf<'worksheet.scan'>
    write(rows, item, (s) => {
      const code = b.serial.split('/').pop()
      const known = s.visitIds
        .flatMap((id) => rows.get('brief', id)?.assets ?? [])
        .find((a) => a.serial?.toLowerCase() === b.serial.toLowerCase() || a.qr === code)
      const asset = known
        ? { id: known.id, name: known.name, model: known.model }
        : b.purpose === 'register'
          ? { id: b.scanId, name: b.name ?? b.model ?? b.serial, model: b.model ?? null }
          : null
      const line: Sheet['serials'][number] = {
        id: b.scanId,
        serial: known?.serial ?? b.serial,
        outcome: known
          ? b.purpose === 'correct'
            ? 'corrected'
            : 'found'
          : b.purpose === 'register'
            ? 'registered'
            : 'unknown',
        asset,
        ...who(item),
      }
      const at = s.serials.findIndex((x) => x.serial === line.serial)
      return {
        serials: at < 0 ? [...s.serials, line] : s.serials.map((x, i) => (i === at ? { ...line, id: x.id } : x)),
        ...(line.outcome === 'corrected' && asset ? { assetId: asset.id } : {}),
      }
    })
  },
}
