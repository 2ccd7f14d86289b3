import { randomBytes } from 'node:crypto'
import pg from 'pg'

/** A database of one's own, cloned from a template in some 50 ms. */
export async function freshDb(template = 'tpl'): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `t_${randomBytes(8).toString('hex')}`
  await asAdmin((admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY wal_log`))
  return {
    url: await urlOf(name),
    drop: () => asAdmin(async (admin) => void (await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  }
}

/**
 * A further template, filled once a run however many test files ask for it: `await template('tpl_demo', seed)`, then
 * `freshDb('tpl_demo')`. `fill` must close its connections before it returns.
 */
export async function template(name: string, fill: (url: string) => Promise<void>): Promise<void> {
  await asAdmin(async (admin) => {
    await admin.query('SELECT pg_advisory_lock(hashtext($1))', [name])
    const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
    if (rowCount) return
    const draft = `${name}_draft`
    await admin.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`)
    await admin.query(`CREATE DATABASE ${draft} TEMPLATE tpl STRATEGY wal_log`)
    await fill(await urlOf(draft))
    await admin.query(`ALTER DATABASE ${draft} RENAME TO ${name}`)
  })
}

// Asked for late: the benches use the same world on a database of their own, without Vitest.
const adminUrl = async () => (await import('vitest')).inject('adminUrl')

async function urlOf(database: string): Promise<string> {
  return new URL(`/${database}`, await adminUrl()).href
}

async function asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client(await adminUrl())
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}
