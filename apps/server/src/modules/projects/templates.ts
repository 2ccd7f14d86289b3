import type { z } from 'zod'
import type { ProjectTemplate } from '#contracts/projects.schema'
import { type Db, sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'

export type Template = z.output<typeof ProjectTemplate>
type Phase = Template['phases'][number]

const w = (zh: string, en: string) => ({ zh, en })
const phase = (
  key: string,
  name: Phase['name'],
  durationDays: number,
  weight: number,
  ownerRole: Phase['ownerRole'],
  requiredDocuments: string[],
  milestone: Phase['milestone'],
): Phase => ({ key, name, durationDays, weight, ownerRole, requiredDocuments, milestone })

/** The template that the product ships: 立项 to 验收 in 63 working days. */
export const standardTemplate: Template = {
  id: '2b0a4f4e-5c1d-5d5e-9a51-7d2f10c0a001',
  version: 1,
  name: w('标准实施项目', 'Standard implementation'),
  phases: [
    phase(
      'initiation',
      w('立项', 'Initiation'),
      3,
      5,
      'project_manager',
      ['项目立项书', '项目启动会纪要'],
      w('项目启动', 'Kick-off held'),
    ),
    phase(
      'survey',
      w('需求调研', 'Requirements'),
      8,
      15,
      'engineer',
      ['需求调研报告', '需求确认书'],
      w('需求确认', 'Requirements confirmed'),
    ),
    phase(
      'design',
      w('方案', 'Design'),
      7,
      10,
      'engineer',
      ['实施方案', '数据迁移方案'],
      w('方案评审通过', 'Design approved'),
    ),
    phase('deploy', w('部署', 'Deployment'), 15, 30, 'engineer', ['设备部署报告', '系统配置清单'], w('上线', 'Live')),
    phase('training', w('培训', 'Training'), 5, 10, 'engineer', ['培训签到表', '培训反馈汇总'], null),
    phase(
      'trial',
      w('试运行', 'Trial run'),
      20,
      20,
      'engineer',
      ['试运行报告', '问题跟踪表'],
      w('试运行结束', 'Trial run over'),
    ),
    phase(
      'acceptance',
      w('验收', 'Acceptance'),
      5,
      10,
      'project_manager',
      ['项目验收报告', '资料移交清单'],
      w('验收通过', 'Accepted'),
    ),
  ],
}

/** 0 when that version is there already. */
export const insertTemplate = (db: Db, t: Template, now: Date, by: string | null) =>
  db.run(sql`insert into project_templates (id, version, name, phases, created_at, created_by)
    values (${t.id}, ${t.version}, ${JSON.stringify(t.name)}::jsonb, ${JSON.stringify(t.phases)}::jsonb, ${now}, ${by}) on conflict do nothing`)
/** Puts the shipped template in where it is missing. */
export async function ensureProjectTemplates(db: Db, now: Date): Promise<void> {
  await insertTemplate(db, standardTemplate, now, null)
}

export const latestTemplates = (db: Db) =>
  db.query<Template>(
    sql`select distinct on (id) id, version, name, phases from project_templates order by id, version desc`,
  )
export async function latestTemplate(db: Db, id: string): Promise<Template> {
  const t = await db.maybe<Template>(
    sql`select id, version, name, phases from project_templates where id = ${id} order by version desc limit 1`,
  )
  return t ?? fail('template_unknown')
}

export function checkTemplate(t: Pick<Template, 'phases'>) {
  const sum = t.phases.reduce((n, p) => n + p.weight, 0)
  if (sum !== 100) fail('template_weights', { sum })
  const seen = new Set<string>()
  for (const p of t.phases) {
    if (seen.has(p.key)) fail('template_keys', { key: p.key })
    seen.add(p.key)
  }
}
