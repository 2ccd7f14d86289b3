// What the cameras of the demo wrote, and the two or three photos that a supervisor should look at twice.

import { type Db, sql } from '../src/platform/database/pool'

/** Fills in what came with the pictures of the last weeks; which ones follows from their ids alone. */
export async function writeCameras(db: Db): Promise<void> {
  await db.run(sql`
    update evidence x set exif = jsonb_build_object('make', c.phone[1], 'model', c.phone[2], 'software', null, 'point', null, 'offset', '+08:00',
      'localTime', to_char((x.taken_at - interval '3 seconds') at time zone 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS'))
    from (select id, case abs(hashtext(coalesce(taken_by::text, ''))) % 4
        when 0 then array['HUAWEI', 'Mate 70 Pro'] when 1 then array['Xiaomi', '15 Pro'] when 2 then array['OPPO', 'Find X8'] else array['vivo', 'X200'] end as phone
      from evidence where kind = 'photo') c
    where c.id = x.id and x.stored_at is not null`)
  // Pictures of the album serve many orders here; only these say so, as if the others had been taken anew.
  await db.run(sql`
    with pairs as (
      select distinct on (x.visit_id) x.id, y.id as earlier, v.review_open, x.taken_at
      from evidence x join visits v on v.id = x.visit_id join evidence y on y.sha256 = x.sha256 and y.kind = 'photo' and y.taken_at < x.taken_at
        join visits w on w.id = y.visit_id and w.order_id <> v.order_id
      where x.kind = 'photo' order by x.visit_id, x.taken_at, y.taken_at desc, y.id),
    chosen as (select id, earlier from pairs order by review_open desc, taken_at desc, id limit 2),
    noted as (insert into evidence_alike (evidence_id, earlier_id, distance, same) select id, earlier, 0, true from chosen)
    update evidence x set flags = array['seen_before'] from chosen where x.id = chosen.id`)
  await db.run(sql`
    update evidence set flags = array['exif_time'],
      exif = jsonb_set(exif, '{localTime}', to_jsonb(to_char((taken_at - interval '2 days 3 hours') at time zone 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS')))
    where id = (select id from evidence where kind = 'photo' and exif is not null and flags = '{}' order by taken_at desc, id limit 1)`)
}
