import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freshDb } from '../../../test/db'
import { migrate } from './migrate'

describe('Migrations', () => {
  let db: Awaited<ReturnType<typeof freshDb>>
  let folder: string
  const put = (name: string, sql: string) => writeFileSync(join(folder, name), sql)
  const ask = async (sql: string) => {
    const client = new pg.Client(db.url)
    await client.connect()
    return client.query(sql).finally(() => client.end())
  }

  beforeEach(async () => {
    db = await freshDb('template0')
    folder = mkdtempSync(join(tmpdir(), 'migrations-'))
  })
  afterEach(async () => {
    await db.drop()
    rmSync(folder, { recursive: true })
  })

  test('are applied once, in the order of their numbers, and the job queue is there afterwards', async () => {
    put('002_rows.sql', 'INSERT INTO a VALUES (1); INSERT INTO a VALUES (2)')
    put('001_table.sql', 'CREATE TABLE a (n int)')
    put('notes.txt', 'not a migration')
    expect(await migrate(db.url, folder)).toEqual(['001_table.sql', '002_rows.sql'])
    expect(await migrate(db.url, folder)).toEqual([])
    expect((await ask('SELECT count(*)::int AS n FROM a')).rows).toEqual([{ n: 2 }])
    expect((await ask(`SELECT (graphile_worker.add_job('anything')).id > 0 AS ok`)).rows).toEqual([{ ok: true }])
  })

  test('started by two servers at once are applied by one of them', async () => {
    put('001_table.sql', 'CREATE TABLE a (n int); SELECT pg_sleep(0.2)')
    const both = await Promise.all([migrate(db.url, folder), migrate(db.url, folder)])
    expect(both.flat()).toEqual(['001_table.sql'])
  })

  test('that fail leave nothing, and say the file and the line', async () => {
    put('001_half.sql', 'CREATE TABLE a (n int);\nCREATE TABLE b (n nonsense);')
    await expect(migrate(db.url, folder)).rejects.toThrow(/001_half\.sql failed at line 2.*nonsense/)
    expect((await ask(`SELECT to_regclass('a') AS a`)).rows).toEqual([{ a: null }])
  })

  test('that changed after they were applied are refused; other line ends are no change', async () => {
    put('001_table.sql', 'CREATE TABLE a\n(n int)')
    await migrate(db.url, folder)
    put('001_table.sql', 'CREATE TABLE a\r\n(n int)')
    expect(await migrate(db.url, folder)).toEqual([])
    put('001_table.sql', 'CREATE TABLE a (n bigint)')
    await expect(migrate(db.url, folder)).rejects.toThrow(/001_table\.sql changed/)
  })

  test('of a newer program are not overlooked', async () => {
    put('001_table.sql', 'CREATE TABLE a (n int)')
    put('002_more.sql', 'CREATE TABLE b (n int)')
    await migrate(db.url, folder)
    rmSync(join(folder, '002_more.sql'))
    await expect(migrate(db.url, folder)).rejects.toThrow(/newer program.*002_more/)
  })
})
