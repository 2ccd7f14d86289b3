import { resolve } from 'node:path'

/** What the environment says. Everything has a default that works on a laptop. */
export interface Config {
  port: number
  dataDir: string
  databaseUrl: string | null
  lan: boolean
  /** One-click accounts and the demo company. Off as soon as ZHUCHANG_DEMO=0, for real use. */
  demo: boolean
  logLevel: string
  publicUrl: string | null
  /** Behind a reverse proxy that sets X-Forwarded-*. */
  trustProxy: boolean
  /** Hosts, addresses or networks of one's own that webhooks and mail may reach; private ones are refused otherwise. */
  outboundAllow: readonly string[]
}

export function readConfig(
  env: NodeJS.ProcessEnv = process.env,
  argv: readonly string[] = process.argv.slice(2),
): Config {
  const port = Number(env.PORT ?? 8080)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`PORT 应为 0–65535 的整数 / PORT must be 0–65535: ${env.PORT}`)
  return {
    port,
    dataDir: resolve(env.ZHUCHANG_DATA ?? 'data'),
    databaseUrl: env.DATABASE_URL || null,
    lan: argv.includes('--lan'),
    demo: env.ZHUCHANG_DEMO !== '0',
    logLevel: env.LOG_LEVEL ?? 'warn',
    publicUrl: env.ZHUCHANG_URL ?? null,
    trustProxy: env.ZHUCHANG_TRUST_PROXY === '1',
    outboundAllow: (env.ZHUCHANG_OUTBOUND_ALLOW ?? '').split(',').filter(Boolean),
  }
}
