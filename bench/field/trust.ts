// Arrivals: twelve kinds of forgery and honest mornings, each through the real commands on a real database, by phones with
// keys and numbers of their own. The limits were set on other seeds than the ones that are measured here.

import { kinds, measure, mornings, morningWords, unseen } from '../../apps/server/test/trust/kinds'
import { Stage } from '../../apps/server/test/trust/stage'
import { world } from '../../apps/server/test/world'
import { toDatum } from '../../packages/geo/src'
import { database, type Row } from '../harness'

const each = 20
const honestly = 200

/** Forgeries caught and honest arrivals doubted, a row a kind. */
export async function trust(o: { seed: number; say: (line: string) => void }): Promise<Row[]> {
  const stage = await Stage.open((p) => toDatum(p, 'wgs84'), {
    world: await world({ database: await database() }),
  })
  try {
    const { tallies, honestBy } = await measure(stage, { seed: o.seed, each, honestly, unseen: each })
    const counted = tallies.filter((t) => t.kind !== unseen)
    const caught = counted.reduce((sum, t) => sum + t.caught, 0)
    const played = counted.reduce((sum, t) => sum + t.played, 0)
    for (const t of tallies) for (const line of t.missed) if (t.kind !== unseen) o.say(`missed ${t.kind.key} ${line}`)
    for (const [m, h] of honestBy) for (const line of h.doubted) o.say(`doubted ${m} ${line}`)
    const doubted = [...honestBy.values()].reduce((sum, h) => sum + h.doubted.length, 0)
    const percent = (n: number, of: number) => `${((n / of) * 100).toFixed(1)} %`
    return [
      {
        what: `arrivals: forgeries caught, ${kinds.length} kinds × ${each}`,
        atLeast: '95 %',
        measured: `${percent(caught, played)} (${caught} of ${played})`,
        ok: caught / played >= 0.95,
      },
      {
        what: `arrivals: honest doubted (C or D), ${honestly} mornings`,
        atLeast: 'at most 3 %',
        measured: `${percent(doubted, honestly)} (${doubted} of ${honestly})`,
        ok: doubted / honestly <= 0.03,
      },
      ...tallies.map((t) => ({
        what: `· ${t.kind.zh} · ${t.kind.en}`,
        atLeast: t.kind === unseen ? 'not counted' : '—',
        measured: `${t.caught} of ${t.played}`,
        ok: true,
      })),
      ...mornings.map((m) => {
        const h = honestBy.get(m)
        return {
          what: `· ${morningWords[m].zh} · ${morningWords[m].en}`,
          atLeast: '—',
          measured: `${h?.doubted.length ?? 0} of ${h?.played ?? 0} doubted (${Object.entries(h?.grades ?? {})
            .sort()
            .map(([grade, n]) => `${grade} ${n}`)
            .join(', ')})`,
          ok: true,
        }
      }),
    ]
  } finally {
    await stage.close()
  }
}
