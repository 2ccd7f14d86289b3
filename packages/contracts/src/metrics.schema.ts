import { z } from 'zod'
import { Can, Id, Instant, LocalDate } from './common.schema'
import { defineRoute } from './route'

export const KpiCode = z.enum([
  'completion',
  'completion_on_time',
  'response_team',
  'response_person',
  'good_rate',
  'response_rate',
  'on_time_arrival',
  'first_time_fix',
  'sla_compliance',
  'utilisation',
])
export const KpiDefinition = z.object({
  code: KpiCode,
  version: z.number().int(),
  unit: z.enum(['share', 'minutes', 'score']),
  better: z.enum(['higher', 'lower']),
  /** Code of the number that is shown beside it. */
  beside: KpiCode.nullable(),
})
/** A number that can be opened: how many rows it rests on, what was left out and why. */
export const KpiValue = z.object({
  code: KpiCode,
  version: z.number().int(),
  /** A share of 0..1 or minutes; null: nothing counts. */
  value: z.number().nullable(),
  n: z.number().int(),
  median: z.number().nullable(),
  p90: z.number().nullable(),
  /** 95 % Wilson interval of a share; null under n = 10. */
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  excluded: z.array(z.object({ reason: z.string(), n: z.number().int() })),
  provisional: z.boolean(),
})
const Period = z.object({ from: LocalDate, to: LocalDate, zone: z.string(), asOf: Instant })
const Day = LocalDate.refine((d) => d >= '2000-01-01' && d <= '2100-12-31', 'date_unlikely')
/** Both days are part of the period, in the company's zone. */
const Range = z.object({ from: Day, to: Day })
const Subject = z.object({
  subject: z.enum(['company', 'team', 'person']),
  /** The team (with those below it) or the person. */
  id: Id.optional(),
})
const SubjectRef = z.object({ subject: z.enum(['company', 'team', 'person']), id: Id.nullable(), name: z.string() })

export const KpiTableRow = z.object({
  id: Id,
  name: z.string(),
  teamName: z.string().nullable(),
  kpis: z.array(KpiValue),
})
export const FactRow = z.object({
  /** Of the fact: an order, a visit, a survey, or a clock of an order. */
  id: z.string(),
  kind: z.enum(['order', 'visit', 'survey', 'clock', 'day']),
  /** Counted, or left out for `reason`. */
  counted: z.boolean(),
  hit: z.boolean().nullable(),
  value: z.number().nullable(),
  reason: z.string().nullable(),
  clock: z.string().nullable(),
  at: Instant,
  /** null: a person's day. */
  orderId: Id.nullable(),
  orderNumber: z.string(),
  title: z.string(),
  customerName: z.string(),
  visitId: Id.nullable(),
  surveyId: Id.nullable(),
  engineers: z.array(z.string()),
})

const tag = 'metrics'
const summary = (zh: string, en: string) => ({ zh, en })

export const metricsRoutes = {
  kpiDefinitions: defineRoute({
    method: 'GET',
    path: '/api/metrics/definitions',
    tag,
    access: 'metrics.read',
    summary: summary('指标定义，以及我能看谁的指标', 'KPI definitions, and whose KPIs one may see'),
    reply: z.object({
      definitions: z.array(KpiDefinition),
      subjects: z.object({
        company: z.boolean(),
        teams: z.array(z.object({ id: Id, name: z.string() })),
        self: z.boolean(),
      }),
      can: Can,
    }),
  }),
  kpis: defineRoute({
    method: 'GET',
    path: '/api/metrics/kpis',
    tag,
    access: 'metrics.read',
    errors: ['time_order', 'period_too_long', 'not_found'],
    summary: summary('一个人、团队或全公司在一段时间的指标', 'KPIs of a person, a team or the company in a period'),
    query: Range.extend({ ...Subject.shape, trend: z.enum(['none', 'week', 'month']).default('none') }),
    reply: z.object({
      period: Period,
      subject: SubjectRef,
      kpis: z.array(
        KpiValue.extend({
          trend: z.array(
            z.object({
              from: LocalDate,
              to: LocalDate,
              value: z.number().nullable(),
              n: z.number().int(),
              provisional: z.boolean(),
            }),
          ),
        }),
      ),
    }),
  }),
  kpiTable: defineRoute({
    method: 'GET',
    path: '/api/metrics/table',
    tag,
    access: 'metrics.read',
    errors: ['time_order', 'period_too_long'],
    summary: summary('按人员或团队对比指标', 'KPIs side by side, by person or team'),
    query: Range.extend({ by: z.enum(['person', 'team']), teamId: Id.optional() }),
    reply: z.object({ period: Period, by: z.enum(['person', 'team']), rows: z.array(KpiTableRow) }),
  }),
  kpiRows: defineRoute({
    method: 'GET',
    path: '/api/metrics/rows',
    tag,
    access: 'metrics.read',
    errors: ['time_order', 'period_too_long', 'not_found'],
    summary: summary('指标背后的明细：计入与排除及原因', 'The rows behind a number: counted or left out, and why'),
    query: Range.extend({
      ...Subject.shape,
      kpi: KpiCode,
      show: z.enum(['all', 'counted', 'missed', 'excluded']).default('all'),
      after: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    reply: z.object({
      period: Period,
      kpi: KpiValue,
      rows: z.array(FactRow),
      next: z.string().nullable(),
      total: z.number().int(),
    }),
  }),
  exportKpis: defineRoute({
    method: 'GET',
    path: '/api/metrics/export',
    tag,
    access: 'metrics.export',
    errors: ['time_order', 'period_too_long', 'not_found'],
    summary: summary('导出指标（XLSX 或 CSV）', 'Export KPIs as XLSX or CSV'),
    query: Range.extend({
      ...Subject.shape,
      /** With a KPI its rows are in the file; a CSV then holds the rows alone. */
      kpi: KpiCode.optional(),
      format: z.enum(['xlsx', 'csv']).default('xlsx'),
    }),
  }),
}
