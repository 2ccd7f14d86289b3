import type { FollowUpState } from '#lifecycle'
import { type Db, sql } from '../../platform/database/pool'
import { type Actor, type ScopeRow, scopeSql } from '../../platform/policy'

export interface SurveyRow extends ScopeRow {
  id: string
  kind: 'visit' | 'order' | 'project'
  definition_version: number
  order_id: string
  order_number: string | null
  visit_id: string | null
  customer_name: string | null
  engineers: { id: string; name: string; weight: number }[]
  state: 'invited' | 'answered' | 'expired'
  ratings: Record<string, number> | null
  tags: string[]
  words: string | null
  nps: number | null
  score: number | null
  flags: string[]
  invited_at: Date
  expires_at: Date
  answered_at: Date | null
  followup_id: string | null
}

const surveyColumns = sql`s.id, s.kind, s.definition_version, s.order_id, s.order_number, s.visit_id, s.customer_name, s.engineers, s.state, s.ratings, s.tags, s.words,
  s.nps, s.score, s.flags, s.invited_at, s.expires_at, s.answered_at, s.team_id, s.customer_id, s.people, (select f.id from followups f where f.survey_id = s.id) as followup_id`

export const findSurvey = (db: Db, id: string) =>
  db.maybe<SurveyRow>(sql`select ${surveyColumns} from surveys s where s.id = ${id}`)
export const surveyOfVisit = (db: Db, visitId: string) =>
  db.maybe<SurveyRow>(sql`select ${surveyColumns} from surveys s where s.visit_id = ${visitId} and s.kind = 'visit'`)

export async function lockSurvey(db: Db, id: string): Promise<SurveyRow | undefined> {
  await db.run(sql`select 1 from surveys where id = ${id} for update`)
  return findSurvey(db, id)
}

export const insertSurvey = (
  db: Db,
  s: Omit<
    SurveyRow,
    'state' | 'ratings' | 'tags' | 'words' | 'nps' | 'score' | 'flags' | 'answered_at' | 'followup_id'
  >,
) =>
  db.run(sql`
    insert into surveys (id, kind, definition_version, order_id, order_number, visit_id, customer_name, engineers, state, invited_at, expires_at, team_id, customer_id, people)
    values (${s.id}, ${s.kind}, ${s.definition_version}, ${s.order_id}, ${s.order_number}, ${s.visit_id}, ${s.customer_name}, ${JSON.stringify(s.engineers)}::jsonb, 'invited', ${s.invited_at}, ${s.expires_at}, ${s.team_id}, ${s.customer_id}, ${s.people})
    on conflict do nothing`)

export const saveAnswer = (
  db: Db,
  s: {
    id: string
    ratings: Record<string, number>
    tags: string[]
    words: string
    nps: number | null
    score: number
    flags: string[]
    at: Date
  },
) =>
  db.run(sql`update surveys set state = 'answered', ratings = ${JSON.stringify(s.ratings)}::jsonb, tags = ${s.tags}, words = ${s.words || null}, nps = ${s.nps}, score = ${s.score},
    flags = ${s.flags}, answered_at = ${s.at} where id = ${s.id}`)

export const expireSurveys = (db: Db, now: Date) =>
  db.query<SurveyRow>(sql`with gone as (update surveys set state = 'expired' where state = 'invited' and expires_at <= ${now} returning id)
    select ${surveyColumns} from surveys s where s.id in (select id from gone)`)

interface SurveyFilter {
  state?: string
  below?: number
  orderId?: string
  after?: string
  limit: number
}
export const listSurveys = (db: Db, actor: Actor, f: SurveyFilter) => {
  const [at, id] = f.after?.split('|') ?? []
  return db.query<SurveyRow>(sql`
    select ${surveyColumns} from surveys s where ${scopeSql(actor, 'survey.read', 's')}
      and (${f.state ?? null}::text is null or s.state = ${f.state ?? null}) and (${f.below ?? null}::numeric is null or s.score < ${f.below ?? null})
      and (${f.orderId ?? null}::uuid is null or s.order_id = ${f.orderId ?? null})
      and (${at ?? null}::timestamptz is null or (coalesce(s.answered_at, s.invited_at), s.id) < (${at ?? null}::timestamptz, ${id ?? null}::uuid))
    order by coalesce(s.answered_at, s.invited_at) desc, s.id desc limit ${f.limit + 1}`)
}
export const countSurveys = (db: Db, actor: Actor) =>
  db.one<{ answered: number; invited: number; good: number }>(sql`
    select count(*) filter (where state = 'answered') as answered, count(*) as invited, count(*) filter (where score >= 80) as good from surveys s where ${scopeSql(actor, 'survey.read', 's')}`)

export interface FollowUpRow extends ScopeRow {
  id: string
  number: string
  state: FollowUpState['state']
  owner_id: string
  owner_name: string
  order_id: string | null
  order_number: string | null
  customer_name: string | null
  survey_id: string | null
  score: number | null
  cause: string | null
  fold: FollowUpState
  plan_owner_name: string | null
  opened_at: Date
  contact_due_at: Date | null
  plan_due_at: Date | null
  closed_at: Date | null
  rev: number
}

const followUpColumns = sql`f.id, f.number, f.state, f.owner_id, u.name as owner_name, f.order_id, f.order_number, f.customer_name, f.survey_id, f.score, f.cause, f.fold,
  (select p.name from users p where p.id = (f.fold #>> '{plan,ownerId}')::uuid) as plan_owner_name,
  f.opened_at, f.contact_due_at, f.plan_due_at, f.closed_at, f.rev, f.team_id, f.customer_id, f.people`

export const findFollowUp = (db: Db, id: string) =>
  db.maybe<FollowUpRow>(
    sql`select ${followUpColumns} from followups f join users u on u.id = f.owner_id where f.id = ${id}`,
  )

export async function lockFollowUp(db: Db, id: string): Promise<FollowUpRow | undefined> {
  await db.run(sql`select 1 from followups where id = ${id} for update`)
  return findFollowUp(db, id)
}

export const insertFollowUp = (
  db: Db,
  f: {
    id: string
    number: string
    orderId: string | null
    orderNumber: string | null
    customerName: string | null
    surveyId: string | null
    score: number | null
    fold: FollowUpState
  } & ScopeRow,
) =>
  db.run(sql`
    insert into followups (id, number, state, owner_id, order_id, order_number, customer_name, survey_id, score, fold, opened_at, contact_due_at, plan_due_at, team_id, customer_id, people)
    values (${f.id}, ${f.number}, ${f.fold.state}, ${f.fold.ownerId}, ${f.orderId}, ${f.orderNumber}, ${f.customerName}, ${f.surveyId}, ${f.score}, ${JSON.stringify(f.fold)}::jsonb,
      ${new Date(f.fold.openedAt)}, ${f.fold.contactDueAt ? new Date(f.fold.contactDueAt) : null}, ${f.fold.planDueAt ? new Date(f.fold.planDueAt) : null}, ${f.team_id}, ${f.customer_id}, ${f.people})`)

export const saveFollowUp = (db: Db, id: string, s: FollowUpState, people: readonly string[]) =>
  db.run(sql`update followups set state = ${s.state}, owner_id = ${s.ownerId}, cause = ${s.plan?.cause ?? null}, fold = ${JSON.stringify(s)}::jsonb,
    closed_at = ${s.closedAt ? new Date(s.closedAt) : null}, people = ${people}, rev = rev + 1 where id = ${id}`)

export const listFollowUps = (
  db: Db,
  actor: Actor,
  f: { state?: string; open?: string; mine?: string; after?: string; limit: number },
) => {
  const [at, id] = f.after?.split('|') ?? []
  return db.query<FollowUpRow>(sql`
    select ${followUpColumns} from followups f join users u on u.id = f.owner_id where ${scopeSql(actor, 'followup.read', 'f')}
      and (${f.state ?? null}::text is null or f.state = ${f.state ?? null}) and (${f.open ?? null}::text is null or (f.closed_at is null) = (${f.open ?? null} = 'true'))
      and (${f.mine ?? null}::text is distinct from 'true' or f.owner_id = ${actor.id})
      and (${at ?? null}::timestamptz is null or (f.opened_at, f.id) < (${at ?? null}::timestamptz, ${id ?? null}::uuid))
    order by f.opened_at desc, f.id desc limit ${f.limit + 1}`)
}
export const countFollowUps = (db: Db, actor: Actor) =>
  db.query<{ state: string; n: number }>(
    sql`select f.state, count(*) as n from followups f where ${scopeSql(actor, 'followup.read', 'f')} group by f.state`,
  )

/** Cases with the same cause at the same customer that were opened in the 30 and 90 days after `closedAt`. */
export const recurrence = (db: Db, f: { id: string; customerId: string | null; cause: string; closedAt: Date }) =>
  db.one<{ days30: number; days90: number }>(sql`
    select count(*) filter (where opened_at < ${f.closedAt}::timestamptz + interval '30 days') as days30, count(*) as days90 from followups
    where customer_id = ${f.customerId} and cause = ${f.cause} and id <> ${f.id} and opened_at > ${f.closedAt} and opened_at < ${f.closedAt}::timestamptz + interval '90 days'`)
