import type { z } from 'zod'
import type { ArrivalRules } from './arrivals.schema'
import type { Brief } from './brief.schema'
import type { DocumentReplica, Template } from './documents.schema'
import type { ReportReplica } from './office.schema'
import type {
  Colleague,
  EscalationRow,
  HandoverRow,
  LostVisit,
  PendingPaper,
  ReportedOrder,
  RequestRow,
} from './requests.schema'
import type { ConflictReplica, RefusalReplica } from './sync.schema'
import type { VisitReplica } from './visits.schema'
import type { PartReplica, WorksheetReplica } from './worksheets.schema'

/**
 * What a phone keeps, by collection. A row holds nothing that changes with the clock alone, or it would never be the same
 * twice; the phone works out what does (next step, time left) from what is in it.
 */
export interface ReplicaRows {
  visit: z.output<typeof VisitReplica>
  document: z.output<typeof DocumentReplica>
  /** Id: `key@version`. */
  template: z.output<typeof Template>
  worksheet: z.output<typeof WorksheetReplica>
  brief: z.output<typeof Brief>
  part: z.output<typeof PartReplica>
  /** Id: the local date. What a day's report and time need beside the visits. */
  report: z.output<typeof ReportReplica>
  /** One row, `rules`. */
  arrivalRules: z.output<typeof ArrivalRules>
  request: z.output<typeof RequestRow>
  handover: z.output<typeof HandoverRow>
  escalation: z.output<typeof EscalationRow>
  reported: z.output<typeof ReportedOrder>
  paper: z.output<typeof PendingPaper>
  lost: z.output<typeof LostVisit>
  colleague: z.output<typeof Colleague>
  conflict: z.output<typeof ConflictReplica>
  /** Refused actions of this person. Id: the command's. */
  refusal: z.output<typeof RefusalReplica>
}
export type CollectionName = keyof ReplicaRows
