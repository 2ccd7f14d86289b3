import type { App } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'

/** Writes down that somebody looked at another person's positions or photos: for that person to read. */
export async function noteView(
  app: App,
  ctx: Ctx,
  v: { personId: string | null; visitId: string; what: 'position' | 'photo' | 'original' },
): Promise<void> {
  if (!v.personId || v.personId === ctx.actor.id) return
  // The same look again within the minute (a page drawn anew) is the same look.
  await app.asSystem(
    'evidence.note',
    (c) =>
      c.db.run(sql`
        insert into evidence_views (id, person_id, visit_id, what, viewer_id, viewer_name, at)
        select ${newId()}, ${v.personId}, ${v.visitId}, ${v.what}, ${ctx.actor.id}, ${ctx.actor.name}, ${c.now}
        where not exists (select 1 from evidence_views where person_id = ${v.personId} and visit_id = ${v.visitId} and what = ${v.what}
          and viewer_id = ${ctx.actor.id} and at > ${new Date(c.now.getTime() - 60_000)})`),
    { actor: ctx.actor, source: 'web' },
  )
}
