import { mkdtempSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type World, world } from '../../test/world'
import { sql } from './database/pool'
import { LocalFiles } from './files'
import { createLogger, maskUrl } from './logging'
import { upkeep } from './upkeep'

let w: World
beforeAll(async () => {
  w = await world()
})
afterAll(() => w.close())

describe('what nobody asks for any more', () => {
  it('receipts go after 30 days, later ones still answer a repeat', async () => {
    const now = w.clock.now().getTime()
    for (const [i, days] of [31, 29].entries())
      await w.db.run(sql`insert into receipts (command_id, command, body_hash, created_at)
        values (${`00000000-0000-7000-8000-00000000000${i}`}, 'x', ${Buffer.alloc(32)}, ${new Date(now - days * 86_400_000)})`)
    await w.app.asSystem('upkeep', (ctx) => upkeep.run(ctx, {}))
    const left = await w.db.query(sql`select command_id from receipts where command = 'x'`)
    expect(left).toEqual([{ command_id: '00000000-0000-7000-8000-000000000001' }])
  })

  it('bytes of a refused upload go after a day; wanted ones and fresh ones stay', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'zhuchang-sweep-'))
    const files = new LocalFiles(folder)
    const put = async (text: string) => (await files.put(Readable.from([Buffer.from(text)]), 100)).sha256
    const [wanted, refused, fresh] = [await put('wanted'), await put('refused'), await put('fresh')]
    const old = new Date(Date.now() - 2 * 86_400_000)
    for (const hash of [wanted, refused]) utimesSync(join(folder, hash.slice(0, 2), hash), old, old)
    expect(await files.sweep(new Date(Date.now() - 86_400_000), async () => new Set([wanted]))).toBe(1)
    expect(await Promise.all([wanted, refused, fresh].map(async (h) => (await files.size(h)) !== null))).toEqual([
      true,
      false,
      true,
    ])
  })
})

describe('jobs of a killed server', () => {
  it('are free again a minute later, those of a living one are not touched', async () => {
    await w.db.run(
      sql`select graphile_worker.add_job(n, run_at := now() + interval '1 day') from unnest(array['of_dead', 'of_living']) n`,
    )
    await w.db.run(sql`update graphile_worker._private_jobs j set locked_at = now() - interval '2 minutes',
      locked_by = case t.identifier when 'of_dead' then 'worker-dead' else 'worker-living' end
      from graphile_worker._private_tasks t where t.id = j.task_id and t.identifier in ('of_dead', 'of_living')`)
    await w.db.run(
      sql`insert into job_workers values ('worker-living', now() - interval '20 seconds'), ('worker-dead', now() - interval '2 minutes')`,
    )
    await w.app.tendJobs()
    const jobs = await w.db.query(
      sql`select task_identifier, locked_by from graphile_worker.jobs where task_identifier in ('of_dead', 'of_living') order by 1`,
    )
    expect(jobs).toEqual([
      { task_identifier: 'of_dead', locked_by: null },
      { task_identifier: 'of_living', locked_by: 'worker-living' },
    ])
  })
})

describe('a customer’s link', () => {
  it.each([
    ['/v/abcDEF_-1', '/v/***'],
    ['/v/abcDEF_-1?x=1', '/v/***?x=1'],
    ['/api/link/abcDEF_-1', '/api/link/***'],
    ['/api/link/abcDEF_-1/documents/7/sign', '/api/link/***/documents/7/sign'],
    ['/api/orders/7', '/api/orders/7'],
  ])('%s stands in the log as %s', (url, shown) => {
    expect(maskUrl(url)).toBe(shown)
  })

  it('leaves no token in any line of a request, whatever the level', async () => {
    const lines: string[] = []
    const into = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk))
        done()
      },
    })
    // The product's own logger, its lines caught.
    const log = createLogger('trace', into)
    const other = await world({ log })
    await other.http.inject({
      method: 'GET',
      url: '/api/link/secret-token',
      headers: { cookie: 'zc_session=secret-session' },
    })
    await other.http.inject({ method: 'GET', url: '/v/secret-token' })
    await other.close()
    expect(lines.join('')).toContain('/api/link/***')
    expect(lines.join('')).not.toMatch(/secret-(token|session)/)
  })
})

describe('what the API answers', () => {
  it('is kept by no cache', async () => {
    const answer = await w.http.inject({ method: 'GET', url: '/api/me' })
    expect(answer.headers['cache-control']).toBe('no-store')
  })
})
