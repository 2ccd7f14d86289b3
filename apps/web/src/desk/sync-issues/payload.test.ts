import { expect, it } from 'vitest'
import { linesOf } from './payload'

it('a reschedule reads as a window, who asked and why', () => {
  const body = {
    start: '2026-11-23T06:00:00.000Z',
    end: '2026-11-23T07:00:00.000Z',
    askedBy: 'customer',
    reason: '客户开会',
    base: { start: '2026-11-23T01:00:00.000Z', end: '2026-11-23T02:00:00.000Z' },
  }
  expect(linesOf(body)).toEqual([
    { key: 'window', value: { start: body.start, end: body.end } },
    { key: 'askedBy', value: 'customer' },
    { key: 'reason', value: '客户开会' },
  ])
})
it('ids, hashes and empty lists are left out, a picture is its size', () => {
  expect(
    linesOf({
      expectedHash: 'ab'.repeat(32),
      contactId: '019ab3c0-0000-7000-8000-000000000000',
      photoIds: [],
      signerName: '周主任',
      image: { bytes: 20_480 },
      values: { work_done: '更换硬盘' },
    }),
  ).toEqual([
    { key: 'signerName', value: '周主任' },
    { key: 'image', value: { bytes: 20_480 } },
    { key: 'work_done', value: '更换硬盘' },
  ])
})
it('what is no object says nothing', () => {
  expect([linesOf(null), linesOf('x'), linesOf([1])]).toEqual([[], [], []])
})
