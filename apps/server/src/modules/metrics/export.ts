import type { z } from 'zod'
import type { metricsRoutes } from '#contracts/metrics.schema'
import { clockWords, exclusionWords, exportWords, kpiWords } from '#contracts/words/metrics'
import type { Ctx } from '../../platform/context'
import { type Cell, csv, type Sheet, xlsx } from '../../platform/sheets'
import { definitionsFor, type KpiCode } from './kpis'
import * as queries from './queries'

type Query = z.output<typeof metricsRoutes.exportKpis.query>
type Shown = Awaited<ReturnType<typeof queries.rowsOf>>['kpi']

/** The file that was asked for: KPIs of the subject, its people, and the rows of one KPI. */
export async function exportKpis(ctx: Ctx, q: Query): Promise<{ bytes: Buffer; type: string; name: string }> {
  const subject = await queries.subjectOf(ctx, q, 'metrics.export')
  const zh = ctx.actor.locale === 'zh-CN'
  const say = (w: { zh: string; en: string } | undefined) => (w ? (zh ? w.zh : w.en) : '—')
  const t = (key: keyof typeof exportWords) => say(exportWords[key])
  const when = new Intl.DateTimeFormat(zh ? 'zh-CN' : 'en-GB', {
    timeZone: ctx.zone,
    dateStyle: 'medium',
    timeStyle: 'short',
  })
  const yes = (v: boolean | null) => (v === null ? null : v ? t('yes') : t('no'))
  const number = (unit: string, v: number | null) =>
    v === null ? null : unit === 'share' ? Math.round(v * 10_000) / 100 : Math.round(v * 10) / 10
  const reasons = (k: Shown) => k.excluded.map((e) => `${say(exclusionWords[e.reason])} ${e.n}`).join(zh ? '；' : '; ')
  const definitions = definitionsFor(subject.subject)
  const definition = (code: string) => definitions.find((d) => d.code === code)
  const unit = (code: string) => definition(code)?.unit ?? 'share'
  const named = (code: KpiCode) => `${say(kpiWords[code].name)} (${t(unit(code) as 'share')})`
  const period = `${q.from} – ${q.to} (${ctx.zone})`

  const kpiSheet = async (): Promise<Sheet> => {
    const answer = await queries.kpis(ctx, { ...q, trend: 'none' })
    return {
      name: t('kpis'),
      head: (
        [
          'subject',
          'period',
          'asOf',
          'kpi',
          'value',
          'unit',
          'n',
          'median',
          'p90',
          'low',
          'high',
          'excluded',
          'provisional',
          'version',
          'definition',
        ] as const
      ).map(t),
      rows: answer.kpis.map((k) => [
        subject.subject === 'company' ? t('company') : subject.name,
        period,
        when.format(ctx.now),
        say(kpiWords[k.code].name),
        number(unit(k.code), k.value),
        t(unit(k.code) as 'share'),
        k.n,
        number('minutes', k.median),
        number('minutes', k.p90),
        number('share', k.interval?.low ?? null),
        number('share', k.interval?.high ?? null),
        reasons(k),
        yes(k.provisional),
        k.version,
        say(kpiWords[k.code].formula),
      ]),
    }
  }
  const peopleSheet = async (): Promise<Sheet> => {
    const teamId = subject.subject === 'team' ? (subject.id as string) : undefined
    const table = await queries.kpiTable(ctx, { from: q.from, to: q.to, by: 'person', teamId })
    const own = definitionsFor('person')
    return {
      name: t('people'),
      head: [t('name'), t('team'), ...own.flatMap((d) => [named(d.code), 'n'])],
      rows: table.rows.map((r) => [
        r.name,
        r.teamName ?? '',
        ...r.kpis.flatMap((k): Cell[] => [number(unit(k.code), k.value), k.n]),
      ]),
    }
  }
  const rowSheet = async (kpi: KpiCode): Promise<Sheet> => {
    const { rows } = await queries.rowsOf(ctx, { ...q, kpi }, subject)
    const labelled = await queries.label(ctx, rows)
    const head = ['at', 'number', 'title', 'customer', 'engineers', 'clock', 'counted', 'hit', 'value', 'why'] as const
    return {
      name: t('rows'),
      head: head.map(t),
      rows: labelled.map((r) => [
        when.format(new Date(r.at)),
        r.orderNumber,
        r.title,
        r.customerName,
        r.engineers.join(zh ? '、' : ', '),
        r.clock ? say(clockWords[r.clock]) : '',
        yes(r.counted),
        yes(r.hit),
        r.value === null ? null : Math.round(r.value * 10) / 10,
        r.reason ? say(exclusionWords[r.reason]) : '',
      ]),
    }
  }

  const name = `kpi-${q.kpi ? `${q.kpi}-` : ''}${q.from}-${q.to}.${q.format}`
  if (q.format === 'csv') {
    const sheet = q.kpi ? await rowSheet(q.kpi) : subject.subject === 'person' ? await kpiSheet() : await peopleSheet()
    return { bytes: Buffer.from(csv(sheet), 'utf8'), type: 'text/csv; charset=utf-8', name }
  }
  const sheets = [await kpiSheet()]
  if (subject.subject !== 'person') sheets.push(await peopleSheet())
  if (q.kpi) sheets.push(await rowSheet(q.kpi))
  return {
    bytes: await xlsx(sheets),
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    name,
  }
}
