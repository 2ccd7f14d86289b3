// Runs in the browser, in the product's own page: the product's own outbox and copy, with a handle for the bench.

import { openPerson } from '../../apps/web/src/offline/person'

type Opened = Awaited<ReturnType<typeof openPerson>>
let opened: Promise<Opened> | undefined

const hand = {
  open(me: { id: string; name: string; zone: string }) {
    opened ??= openPerson(me)
    return opened.then(() => true)
  },
  /** Puts actions into the outbox one after another; answers their command ids. */
  async act(actions: { command: string; subject: string; body: unknown; commandId: string }[]) {
    const { offline } = await need()
    for (const a of actions)
      await offline.act(a.command as 'visit.pause', a.subject, a.body as never, { commandId: a.commandId })
    return actions.length
  },
  async wake() {
    ;(await need()).offline.wake()
  },
  async status() {
    const { offline } = await need()
    const items = offline.items()
    const by: Record<string, number> = {}
    for (const i of items) by[i.state] = (by[i.state] ?? 0) + 1
    return { ...offline.getStatus(), by, total: items.length }
  },
  async refused() {
    const { offline } = await need()
    return offline
      .items()
      .filter((i) => i.state === 'refused' || i.state === 'conflict')
      .map((i) => ({ command: i.command, state: i.state, problem: i.problem, conflict: i.conflict }))
  },
  async hashes() {
    return (await need()).offline.stateHash()
  },
}
const need = () => opened ?? Promise.reject(new Error('nobody has opened it'))

export type Hand = typeof hand
declare global {
  interface Window {
    chaos: Hand
  }
}
window.chaos = hand
