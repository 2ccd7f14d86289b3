import type { T } from '../../common/i18n/words'
import { words } from './words'

type Words = (typeof words)['zh-CN']

/** A word by a code that came from the wire; the other word where this version has none for it. */
export const lookUp = (t: T<Words>, key: string, otherwise: keyof Words, params: Record<string, string> = {}) =>
  (t as (key: string, params: Record<string, string>) => string)(key in words['zh-CN'] ? key : otherwise, params)
