import type { z } from 'zod'
import type { SurveyDefinition } from '#contracts/surveys.schema'
import { type Db, sql } from '../../platform/database/pool'

type Definition = z.output<typeof SurveyDefinition>
const w = (zh: string, en: string) => ({ zh, en })

/** The survey that the product ships. A change is a new version; answers keep the one they were given to. */
export const shipped: Definition = {
  version: 1,
  questions: [
    { key: 'overall', label: w('这次服务总体满意吗', 'How was the service overall'), weight: 2 },
    { key: 'result', label: w('问题解决得怎么样', 'Was the problem solved'), weight: 2 },
    { key: 'punctual', label: w('是否按约定时间到场', 'Did we come on time'), weight: 1 },
    { key: 'attitude', label: w('沟通与态度', 'Manner and communication'), weight: 1 },
  ],
  tags: {
    good: [
      { key: 'on_time', label: w('准时', 'On time') },
      { key: 'professional', label: w('专业', 'Professional') },
      { key: 'patient', label: w('耐心讲解', 'Explained patiently') },
      { key: 'clean', label: w('现场整洁', 'Left the site clean') },
    ],
    bad: [
      { key: 'late', label: w('迟到', 'Late') },
      { key: 'not_solved', label: w('没有解决', 'Not solved') },
      { key: 'attitude', label: w('态度不好', 'Impolite') },
      { key: 'explain', label: w('没有讲清楚', 'Not explained') },
      { key: 'messy', label: w('现场凌乱', 'Left a mess') },
    ],
  },
}

export const ensureDefinition = (db: Db, now: Date) =>
  db.run(
    sql`insert into survey_definitions (version, body, created_at) values (${shipped.version}, ${JSON.stringify(shipped)}::jsonb, ${now}) on conflict do nothing`,
  )

export async function latestDefinition(db: Db): Promise<Definition> {
  return (await db.one<{ body: Definition }>(sql`select body from survey_definitions order by version desc limit 1`))
    .body
}
export async function definitionOf(db: Db, version: number): Promise<Definition> {
  return (await db.one<{ body: Definition }>(sql`select body from survey_definitions where version = ${version}`)).body
}
