// npm run bench -- field: what the engineer's phone promises, part by part.

import type { Bench, Row } from '../harness'
import { chaos } from './chaos'
import { coldStart } from './coldstart'
import { copy } from './copy'
import { photos } from './send-photos'
import { trust } from './trust'

type Part = (o: { seed: number; say: (line: string) => void }) => Promise<Row[]>
const parts: Record<string, Part> = { copy, coldStart, photos, trust, chaos }
/** `FIELD_PARTS=copy,chaos npm run bench -- field` measures these alone. */
const asked = process.env.FIELD_PARTS?.split(',')

export const bench: Bench = {
  name: 'field',
  async run(o) {
    const rows: Row[] = []
    for (const [name, part] of Object.entries(parts)) if (!asked || asked.includes(name)) rows.push(...(await part(o)))
    return rows
  },
}

/** The storm alone, as `npm test` runs a small one. */
export const stormBench: Bench = { name: 'storm', run: chaos }
