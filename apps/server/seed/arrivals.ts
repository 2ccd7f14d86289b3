import { actorsOf } from '../src/modules/people'
import type { App } from '../src/platform/app'
import { sql, wrap } from '../src/platform/database/pool'
import { Hands } from './hands'

/** Codes at three busy sites, and who looked at whose positions: whoever reviewed an arrival had looked at it before. */
export async function seedArrivals(app: App): Promise<void> {
  const db = wrap(app.pool)
  const hands = new Hands(app)
  const busy = await db.query<{ id: string; team_id: string | null }>(sql`
    select s.id, c.team_id from sites s join customers c on c.id = s.customer_id join visits v on v.site_id = s.id
    where not s.archived group by s.id, c.team_id order by count(*) desc, s.id limit 3`)
  const chief = (await actorsOf(db, {})).find((a) => a.grants.some((g) => g.role === 'administrator'))
  if (chief)
    for (const [i, site] of busy.entries())
      await hands.does(chief, 'siteCode.issue', {
        params: { id: site.id },
        body: { kind: i < 2 ? 'screen' : 'poster' },
      })
  await db.run(sql`
    insert into evidence_views (id, person_id, visit_id, what, viewer_id, viewer_name, at)
    select gen_random_uuid(), v.engineer_id, v.id, 'position', e.actor_id, e.actor_name, e.occurred_at - interval '1 minute'
    from events e join visits v on v.id = e.aggregate_id
    where e.type = 'visit.checkin_reviewed' and v.engineer_id is not null and e.actor_id is not null and e.actor_id <> v.engineer_id`)
}
