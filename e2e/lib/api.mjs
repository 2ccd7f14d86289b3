import { readFileSync } from 'node:fs'
import { Webhook } from 'standardwebhooks'

/** Signs in by the page's own cookie jar and calls routes as that person; for what other systems and colleagues do off stage. */
export async function signInApi(page, base, userName, password = 'zhuchang-demo') {
  const r = await page.request.post(`${base}/api/session`, { data: { userName, password } })
  if (!r.ok()) throw new Error(`${userName} cannot sign in: ${await r.text()}`)
  return r.json()
}

export async function api(page, base, method, path, data) {
  const r = await page.request.fetch(`${base}${path}`, { method, ...(data === undefined ? {} : { data }) })
  if (!r.ok()) throw new Error(`${method} ${path}: ${r.status()} ${await r.text()}`)
  return r.json()
}

/** The demo's accounts by role, as the sign-in page lists them. */
export async function accounts(base) {
  const r = await fetch(`${base}/api/session/demo`)
  const { accounts } = await r.json()
  return Object.fromEntries(accounts.map((a) => [a.role, a]))
}

/** Posts an order as a CRM does: signed by Standard Webhooks. */
export async function postAsCrm(url, secret, payload, id) {
  const body = JSON.stringify(payload)
  const at = new Date()
  const r = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
    },
    body,
  })
  return { status: r.status, body: await r.json() }
}

export const crmSample = () =>
  JSON.parse(
    readFileSync(new URL('../../apps/server/test/fixtures/salesforce-workorder.json', import.meta.url), 'utf8'),
  )
