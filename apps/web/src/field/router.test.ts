import { describe, expect, it } from 'vitest'
import { match } from './router'

describe('a page of the phone', () => {
  it('is found by its pattern, with its parameters', () => {
    expect(match('/m/visits/:id', '/m/visits/0190-a')).toEqual({ id: '0190-a' })
    expect(match('/m/visits/:id/sign', '/m/visits/a%2Fb/sign')).toEqual({ id: 'a/b' })
    expect(match('/m/today', '/m/today/')).toEqual({})
  })
  it('is not another page', () => {
    expect(match('/m/visits/:id', '/m/visits')).toBeUndefined()
    expect(match('/m/visits/:id', '/m/visits/1/sign')).toBeUndefined()
    expect(match('/m/today', '/m/me')).toBeUndefined()
  })
})
