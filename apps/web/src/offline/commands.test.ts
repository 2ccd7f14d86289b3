import { describe, expect, it } from 'vitest'
import { routes } from '#contracts'
import { commands, paramsOf } from './commands'

describe('what may wait on the phone', () => {
  const byKey = new Map(
    Object.values(routes).map((r) => [`${r.method} ${r.path}`, r as { command?: string; offline?: string }]),
  )
  it.each(Object.entries(commands))(
    '%s is the command of its route, in the conflict mode of the contract',
    (name, [key, mode]) => {
      expect(byKey.get(key)).toMatchObject({ command: name, offline: mode })
    },
  )

  it('finds the parameters of an address in the subject', () => {
    expect(paramsOf('visit.depart', 'v1')).toEqual({ id: 'v1' })
    expect(paramsOf('thread.post', 'order/o1')).toEqual({ kind: 'order', id: 'o1' })
  })
})
