import type { BodyOf } from '../commands'
import { eventTime, type Predict } from './predict'

export const officePredictions: Record<string, Predict> = {
  'report.submit': (rows, item) => {
    const b = item.body as BodyOf<'report.submit'>
    rows.change('report', b.date, (row) => ({
      report: {
        id: row.report?.id ?? b.id,
        person: { id: item.by, name: item.byName },
        date: b.date,
        zone: row.zone,
        version: (row.report?.version ?? 0) + 1,
        submittedAt: new Date(eventTime(item)).toISOString(),
        offline: item.away,
        lines: b.lines.map((l) => ({ ...l, hidden: l.hidden ?? false, text: l.text ?? null })),
        own: b.own ?? [],
        // The server binds it; until then there is nothing to compare with.
        hash: '',
        exceptions: [...new Set(b.lines.flatMap((l) => l.exception ?? []))],
        differences: [],
        comments: row.report?.comments ?? [],
        reactions: row.report?.reactions ?? [],
        reads: [],
        can: { comment: true, react: false, submit: true },
      },
    }))
  },
  'report.comment': (rows, item) => {
    const b = item.body as BodyOf<'report.comment'>
    const day = [...rows.all('report')].map(([, r]) => r).find((r) => r.report?.id === item.subject)
    if (!day) return
    rows.change('report', day.date, (row) =>
      !row.report || row.report.comments.some((c) => c.id === b.id)
        ? {}
        : {
            report: {
              ...row.report,
              comments: [
                ...row.report.comments,
                {
                  id: b.id ?? item.commandId,
                  author: { id: item.by, name: item.byName },
                  body: b.body,
                  question: false,
                  at: new Date(eventTime(item)).toISOString(),
                },
              ],
            },
          },
    )
  },
  'time.correct': (rows, item) => {
    const b = item.body as BodyOf<'time.correct'>
    const id = b.id ?? item.commandId
    rows.change('report', b.date, (row) =>
      row.confirmed || row.corrections.some((c) => c.id === id)
        ? {}
        : {
            corrections: [
              ...row.corrections,
              {
                id,
                date: b.date,
                from: b.from,
                to: b.to,
                kind: b.kind,
                visitId: b.visitId ?? null,
                orderId: null,
                reason: b.reason,
                was: [],
                by: { id: item.by, name: item.byName },
                at: new Date(eventTime(item)).toISOString(),
                withdrawn: null,
              },
            ],
          },
    )
  },
  'time.withdraw': (rows, item) => {
    const b = item.body as BodyOf<'time.withdraw'>
    const day = [...rows.all('report')].map(([, r]) => r).find((r) => r.corrections.some((c) => c.id === item.subject))
    if (!day || day.confirmed) return
    rows.change('report', day.date, (row) => ({
      corrections: row.corrections.map((c) =>
        c.id === item.subject && !c.withdrawn
          ? {
              ...c,
              withdrawn: {
                by: { id: item.by, name: item.byName },
                at: new Date(eventTime(item)).toISOString(),
                reason: b.reason,
              },
            }
          : c,
      ),
    }))
  },
}
