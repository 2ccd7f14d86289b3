import { evidenceCode } from '#lifecycle'
import type { BodyOf } from '../commands'
import { eventTime, type Predict } from './predict'

export const evidencePredictions: Record<string, Predict> = {
  'evidence.declare': (rows, item) => {
    const b = item.body as BodyOf<'evidence.declare'>
    rows.change('visit', item.subject, (row) =>
      row.evidence.some((e) => e.id === b.id)
        ? {}
        : {
            evidence: [
              ...row.evidence,
              {
                id: b.id,
                visitId: item.subject,
                kind: b.kind,
                sha256: b.sha256,
                bytes: b.bytes,
                mediaType: null,
                width: null,
                height: null,
                takenAt: b.takenAt,
                declaredAt: new Date(eventTime(item)).toISOString(),
                storedAt: null,
                url: null,
                thumbUrl: null,
                code: evidenceCode(b.id),
                flags: [],
              },
            ],
          },
    )
  },
}
