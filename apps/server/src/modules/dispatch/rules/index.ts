import type { Rule } from '../problem'
import { certificate } from './certificate'
import { entry } from './entry'
import { familiarity } from './familiarity'
import { leave } from './leave'
import { load } from './load'
import { overlap } from './overlap'
import { shift } from './shift'
import { skills } from './skills'
import { travel } from './travel'
import { window } from './window'

export const rules: readonly Rule[] = [
  skills,
  certificate,
  leave,
  overlap,
  shift,
  window,
  entry,
  travel,
  load,
  familiarity,
]
