import { describe, expect, it } from 'vitest'
import { pretty } from './why'

describe('what was received', () => {
  it('is laid out when it is JSON', () => expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}'))
  it('is shown untouched when it is not', () => expect(pretty('{"a": ')).toBe('{"a": '))
})
