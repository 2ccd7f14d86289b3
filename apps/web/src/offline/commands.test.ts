import { describe, expect, it } from 'vitest'
import { type RouteDef, routes } from '#contracts'
import { commands } from './commands'

const byKey = new Map(Object.values(routes as Record<string, RouteDef>).map((r) => [`${r.method} ${r.path}`, r]))

describe('every command that may wait on the phone', () => {
  it.each(Object.entries(commands))(
    '%s names its route, and the conflict mode that the contracts declare',
    (name, c) => {
      const route = byKey.get(c[0])
      expect(route?.command).toBe(name)
      expect(route?.offline).toBe(c[1])
    },
  )
})
