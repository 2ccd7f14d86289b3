// Cases like the one at hand. A team's closed cases are its common experience, whoever did them: who will go reads what
// was found and done, never the customer's contacts. Closed orders of the same team and type, those of the same model first, then by the pairs
// of characters that both requests have in common (the same bigrams that the search uses).

import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'

/** So many of the team's latest cases of the type are compared. */
const compared = 150
const kept = 5
/** Fewer common pairs than this are chance. */
const fewest = 3

/** Finds and keeps the cases that are like these visits' orders; a repeat finds them anew. */
export async function findAlike(ctx: Pick<Ctx, 'db'>, visitIds: readonly string[]): Promise<void> {
  await ctx.db.run(sql`delete from visit_alike where visit_id = any(${visitIds}::uuid[])`)
  await ctx.db.run(sql`
    insert into visit_alike (visit_id, order_id, rank, same_model)
    select v.id, x.id, x.rank, x.same_model from visits v join orders o on o.id = v.order_id left join assets a on a.id = o.asset_id
    cross join lateral (select grams(o.title || ' ' || coalesce(left(o.fold->'facts'->>'text', 200), '')) as g) q
    cross join lateral (
      select y.id, y.same_model, row_number() over (order by y.same_model desc, y.common desc, y.created_at desc) as rank
      from (
        select c.id, c.created_at, coalesce(ca.model = a.model, false) as same_model,
          (select count(*) from unnest(q.g) g where length(g) = 2 and g = any(c.search)) as common
        from (
          select o2.id, o2.created_at, o2.search, o2.asset_id from orders o2
          where o2.team_id = o.team_id and o2.type = o.type and o2.state in ('completed', 'closed') and o2.id <> o.id and o2.mark is null
          order by o2.created_at desc limit ${compared}) c
        left join assets ca on ca.id = c.asset_id) y
      where y.common >= ${fewest} or y.same_model
      order by y.same_model desc, y.common desc, y.created_at desc limit ${kept}) x
    where v.id = any(${visitIds}::uuid[])`)
}

const han = /[\p{Script=Han}\p{L}\p{N}]/u

/** The longest runs of characters that both texts have in common, at most three: why somebody thinks them alike. */
export function commonWords(a: string, b: string): string[] {
  const text = b.toLowerCase()
  const chars = [...a]
  const found: string[] = []
  for (let i = 0; i < chars.length; ) {
    let end = i
    while (end < chars.length && han.test(chars[end] as string)) {
      if (
        !text.includes(
          chars
            .slice(i, end + 1)
            .join('')
            .toLowerCase(),
        )
      )
        break
      end++
    }
    if (end - i >= 2) found.push(chars.slice(i, end).join(''))
    i = Math.max(end, i + 1)
  }
  return [...new Set(found)].sort((x, y) => y.length - x.length).slice(0, 3)
}
