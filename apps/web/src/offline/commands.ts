import type { RouteMap } from '#contracts'

/**
 * What becomes of an action that arrives late. `fail`: refused, or kept and flagged, when the state has moved on. `merge`:
 * field by field, the later time wins. `append`: always taken. The contracts say the same; a test compares them.
 */
export type Mode = 'fail' | 'merge' | 'append'

/** Every command that may wait on the phone: its route, whose shapes it has, and its conflict mode. One line a command. */
export const commands = {
  'visit.open': ['POST /api/visits/:id/open', 'append'],
  'visit.take': ['POST /api/visits/:id/take', 'fail'],
  'visit.decline': ['POST /api/visits/:id/decline', 'fail'],
  'visit.appoint': ['POST /api/visits/:id/appoint', 'merge'],
  'visit.reschedule': ['POST /api/visits/:id/reschedule', 'merge'],
  'visit.correct': ['POST /api/visits/:id/correct', 'merge'],
  'visit.depart': ['POST /api/visits/:id/depart', 'fail'],
  'visit.checkIn': ['POST /api/visits/:id/check-in', 'append'],
  'visit.start': ['POST /api/visits/:id/start', 'fail'],
  'visit.pause': ['POST /api/visits/:id/pause', 'fail'],
  'visit.resume': ['POST /api/visits/:id/resume', 'fail'],
  'visit.finish': ['POST /api/visits/:id/finish', 'fail'],
  'visit.abort': ['POST /api/visits/:id/abort', 'fail'],
  'visit.confirm': ['POST /api/visits/:id/confirm', 'append'],
  'track.add': ['POST /api/visits/:id/track', 'append'],
  'visit.appeal': ['POST /api/visits/:id/appeal', 'append'],
  'evidence.declare': ['POST /api/visits/:id/evidence', 'append'],
  'document.fill': ['PATCH /api/documents/:id', 'merge'],
  'request.ask': ['POST /api/visits/:id/requests', 'append'],
  'request.accept': ['POST /api/requests/:id/accept', 'fail'],
  'request.answer': ['POST /api/requests/:id/answer', 'fail'],
  'request.done': ['POST /api/requests/:id/done', 'fail'],
  'request.withdraw': ['POST /api/requests/:id/withdraw', 'fail'],
  'handover.offer': ['POST /api/visits/:id/handover', 'append'],
  'handover.accept': ['POST /api/handovers/:id/accept', 'fail'],
  'handover.decline': ['POST /api/handovers/:id/decline', 'fail'],
  'handover.withdraw': ['POST /api/handovers/:id/withdraw', 'fail'],
  'escalation.raise': ['POST /api/orders/:id/escalations', 'append'],
  'escalation.supply': ['POST /api/escalations/:id/supply', 'append'],
  'order.report': ['POST /api/visits/:id/orders', 'append'],
  'visit.call': ['POST /api/visits/:id/calls', 'append'],
  'document.sign': ['POST /api/documents/:id/sign', 'fail'],
  'report.submit': ['POST /api/people/:id/reports', 'append'],
  'report.comment': ['POST /api/reports/:id/comments', 'append'],
  'time.correct': ['POST /api/people/:id/time-corrections', 'fail'],
  'time.withdraw': ['POST /api/time-corrections/:id/withdraw', 'fail'],
  'worksheet.answer': ['POST /api/worksheets/:id/answers', 'merge'],
  'worksheet.followUp': ['POST /api/worksheets/:id/follow-ups', 'append'],
  'worksheet.usePart': ['POST /api/worksheets/:id/parts', 'merge'],
  'worksheet.dropPart': ['POST /api/worksheets/:id/parts/drop', 'append'],
  'worksheet.note': ['POST /api/worksheets/:id/notes', 'append'],
  'worksheet.editNote': ['POST /api/worksheets/:id/notes/edit', 'merge'],
  'worksheet.scan': ['POST /api/worksheets/:id/serials', 'append'],
  'thread.post': ['POST /api/threads/:kind/:id/messages', 'append'],
} as const satisfies Record<string, readonly [keyof RouteMap & string, Mode]>

export type CommandName = keyof typeof commands
type RouteOf<C extends CommandName> = RouteMap[(typeof commands)[C][0]]
export type BodyOf<C extends CommandName> = RouteOf<C>['body']
export type ReplyOf<C extends CommandName> = RouteOf<C>['reply']

/**
 * The parameters of an address from the subject: `:id` is the subject itself, `:kind/:id` stands in it as `order/…`.
 * Commands that make something new may have none: what they make has its id in the body.
 */
export function paramsOf(command: CommandName, subject: string): Record<string, string> {
  const route: string = commands[command][0]
  const names = [...route.matchAll(/:(\w+)/g)].map((m) => m[1] as string)
  if (names.length < 2) return names.length === 1 ? { [names[0] as string]: subject } : {}
  const parts = subject.split('/')
  return Object.fromEntries(names.map((name, i) => [name, parts[i] ?? '']))
}
