// The demo company: told by the story, put in by one writer, its working day made by the real commands.

import { rebuildMetrics } from '../src/modules/metrics'
import { findAlike } from '../src/modules/visits'
import { App } from '../src/platform/app'
import type { Clock } from '../src/platform/clock'
import { sql, wrap } from '../src/platform/database/pool'
import { sealAll } from '../src/platform/journal'
import { systemActor } from '../src/platform/policy'
import { seedArrivals } from './arrivals'
import { Chronicle } from './chain'
import { Day } from './day'
import { History } from './history'
import { seedIntake } from './intake'
import { writeCameras } from './likeness'
import { writeMaster } from './master'
import { seedNotices } from './notices'
import { seedOffice } from './office'
import { seedOffline } from './offline'
import { Album } from './pictures'
import { seedSite } from './site'
import { tellStory } from './story'
import { at } from './story/time'

export const demoSeed = 'zhuchang'

/** A clock that the seed moves through the working day. */
export class StoryClock implements Clock {
  constructor(public ms: number) {}
  now() {
    return new Date(this.ms)
  }
}

/** Puts the demo company into an empty database. */
export async function seedDemo(app: App, say: (line: string) => void): Promise<void> {
  const began = Date.now()
  const seconds = () => `${((Date.now() - began) / 1000).toFixed(1)} s`
  const now = app.clock.now().getTime()
  say(
    '准备演示数据：一家 40 名工程师的公司，半年的工单……· Preparing the demo company: 40 engineers, six months of work…',
  )
  const story = tellStory(demoSeed, now)
  const clock = new StoryClock(at(story.today.date))
  // A second door to the same database, whose clock the story moves. What is counted is counted once, at the end.
  const past = new App({
    ...app.options,
    clock,
    poolSize: 4,
    modules: app.options.modules.map((m) => (['metrics', 'office'].includes(m.name) ? { ...m, reactions: [] } : m)),
  })
  try {
    const chronicle = new Chronicle()
    let album: Album
    const client = await past.pool.connect()
    try {
      // All or nothing: a company without its history would look like a company that is in use.
      await client.query('begin')
      const db = wrap(client)
      await writeMaster(db, demoSeed, story, chronicle)
      album = await Album.draw(demoSeed, story, db, app.options.files, clock.ms)
      say(`公司、人员、客户、项目已就绪（${seconds()}）· Company, people, customers, projects`)
      const history = new History(demoSeed, story, chronicle, album)
      await history.write({ ...past.readContext(systemActor), db })
      await chronicle.write(db)
      await writeCameras(db)
      await client.query('commit')
    } catch (error) {
      await client.query('rollback').catch(() => {})
      throw error
    } finally {
      client.release()
    }
    say(
      `历史工单 ${story.history.orders.length} 张、事件 ${chronicle.size} 条（${seconds()}）· ${story.history.orders.length} orders, ${chronicle.size} events`,
    )
    await wrap(past.pool).run(sql`analyze`)
    const day = new Day(past, clock, demoSeed, story, album)
    await day.play(story.today.done, now)
    await seedArrivals(past)
    await seedIntake(past)
    await seedOffline(past, clock, demoSeed, story, now)
    say(`今天的 ${day.done} 步（${seconds()}）· ${day.done} steps of today`)
    await seedSite(past, clock, demoSeed, now)
    clock.ms = now
    const open = await wrap(past.pool).query<{ id: string }>(
      sql`select id from visits where ended_at is null and taken_at is not null`,
    )
    await past.asSystem('visits.findAlike', (ctx) =>
      findAlike(
        ctx,
        open.map((v) => v.id),
      ),
    )
    await seedOffice(past, demoSeed, story)
    await seedNotices(past)
    say(`工时与日报（${seconds()}）· Time and reports`)
    const { appended } = await past.asSystem('metrics.rebuild', (ctx) => rebuildMetrics(ctx))
    await sealAll(past.pool)
    say(`指标事实 ${appended} 条（${seconds()}）· ${appended} facts for the metrics`)
  } finally {
    await past.stop()
  }
}
