import { randomUUID } from 'node:crypto'
import { api, signInApi } from './api.mjs'

const password = 'Lixian-2026-demo'

/**
 * A new engineer and his day: as many orders as titles, at different customers with a place on the map, offered to him
 * one after the other from now on. `admin` and `desk` are pages of their own; who signs in as whom is done here.
 */
export async function dayOf({ admin, desk, base, who }, name, titles) {
  await signInApi(admin, base, who.administrator.userName)
  const supervisor = await signInApi(desk, base, who.supervisor.userName)
  const userName = `lixian${randomUUID().slice(0, 6)}`
  const engineer = await api(admin, base, 'POST', '/api/people', {
    userName,
    name,
    teamId: supervisor.teamId,
    grants: [{ role: 'engineer', scope: 'own', refId: null }],
    password,
  })
  // His place among the engineers is made by a reaction, a moment later.
  for (let i = 0; ; i++) {
    const { rows } = await api(desk, base, 'GET', `/api/engineers?q=${encodeURIComponent(name)}`)
    if (rows.some((e) => e.id === engineer.id)) break
    if (i > 50) throw new Error(`${name} has not become an engineer`)
    await new Promise((done) => setTimeout(done, 200))
  }
  const visits = []
  const start = Date.now() + 5 * 60_000
  for (const [i, place] of (await places(desk, base, titles.length)).entries()) {
    const order = await api(desk, base, 'POST', '/api/orders', {
      title: titles[i],
      customerId: place.customer.id,
      siteId: place.site.id,
      contactId: place.contact.id,
      type: 'install',
      durationMin: 30,
      mode: 'onsite',
    })
    if (order.state === 'new') await api(desk, base, 'POST', `/api/orders/${order.id}/triage`, {})
    const placed = await assign(desk, base, order.id, engineer.id, start + i * 90 * 60_000)
    visits.push({
      orderId: order.id,
      id: placed.visits[0].id,
      title: titles[i],
      customer: place.customer.name,
      point: place.sitePoint,
    })
  }
  return { engineer: { ...engineer, userName, password }, visits }
}

/** At this time, or as soon after it as the way from the visit before allows. */
async function assign(desk, base, orderId, engineerId, from) {
  for (let later = 0; ; later += 15 * 60_000) {
    const r = await desk.request.post(`${base}/api/orders/${orderId}/assign`, {
      data: {
        crew: [{ engineerId }],
        start: new Date(from + later).toISOString(),
        durationMin: 30,
        mode: 'onsite',
        override: { reason: '端到端验证：离线的一天' },
      },
    })
    if (r.ok()) return r.json()
    const { code } = await r.json()
    if (code !== 'engineer_busy' || later > 4 * 3_600_000) throw new Error(`assign: ${r.status()} ${code}`)
  }
}

/** Different customers with a place on the map, near each other: the way between them occupies him too. */
async function places(desk, base, n) {
  const { rows } = await api(desk, base, 'GET', '/api/orders?limit=100')
  const found = []
  for (const o of rows) {
    if (found.some((p) => p.customer.id === o.customer.id)) continue
    const full = await api(desk, base, 'GET', `/api/orders/${o.id}`)
    if (full.sitePoint && full.site && full.contact) found.push(full)
    if (found.length === 12) break
  }
  const from = found[0].sitePoint
  const far = ({ sitePoint: p }) => Math.hypot((p.lat - from.lat) * 111, (p.lng - from.lng) * 95)
  const near = found.sort((a, b) => far(a) - far(b)).slice(0, n)
  if (near.length < n) throw new Error(`only ${near.length} customers with a place`)
  return near
}
