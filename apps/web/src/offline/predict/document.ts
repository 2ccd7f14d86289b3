import { missing, type PaperBody } from '#lifecycle'
import type { BodyOf } from '../commands'
import { eventTime, type Predict } from './predict'

export const documentPredictions: Record<string, Predict> = {
  'document.fill': (rows, item) => {
    const { values } = item.body as BodyOf<'document.fill'>
    rows.change('document', item.subject, (row) =>
      row.state === 'signed' ? {} : { values: { ...row.values, ...values } },
    )
  },
  'document.sign': (rows, item) => {
    const b = item.body as BodyOf<'document.sign'>
    const row = rows.get('document', item.subject)
    const template = row && rows.get('template', `${row.templateKey}@${row.templateVersion}`)
    if (!row || row.signature || !template || missing(template.body as PaperBody, row.values).length > 0) return
    const at = new Date(eventTime(item)).toISOString()
    rows.change('document', item.subject, () => ({
      state: 'signed' as const,
      filedAt: row.filedAt ?? at,
      signature: {
        signerName: b.signerName,
        signerTitle: b.signerTitle ?? null,
        method: 'phone' as const,
        at,
        documentHash: b.expectedHash,
      },
    }))
  },
}
