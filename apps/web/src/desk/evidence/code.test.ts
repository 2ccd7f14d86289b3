import { expect, it } from 'vitest'
import { codeOf } from './code'

it('a code is read however it was typed, and nothing else is taken for one', () => {
  expect(codeOf('7k3m 9qaz')).toBe('7K3M9QAZ')
  expect(codeOf(' 7K3M-9oIl ')).toBe('7K3M9011')
  for (const other of ['WO-20261123-0042', '张伟', '7K3M9QA', '7K3M9QAZ2', '7K3M9QAU'])
    expect(codeOf(other)).toBeUndefined()
})
