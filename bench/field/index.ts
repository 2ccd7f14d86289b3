// npm run bench -- field: what the engineer's phone promises, part by part.

import type { Bench, Row } from '../harness'
import { chaos } from './chaos'
import { copy } from './copy'
import { photos } from './photos'
import { trust } from './trust'

type Part = (o: { seed: number; say: (line: string) => void }) => Promise<Row[]>
const parts: Part[] = [copy, photos, trust, chaos]

export const bench: Bench = {
  name: 'field',
  async run(o) {
    const rows: Row[] = []
    for (const part of parts) rows.push(...(await part(o)))
    return rows
  },
}

/** The storm alone, as `npm test` runs a small one. */
export const stormBench: Bench = { name: 'storm', run: chaos }
