// Photos that always arrive: a bad line, a browser that dies. The bench does the same with 200 (`npm run bench -- field`).
import { strict as assert } from 'node:assert'
import { sendPhotos } from '../../bench/field/photos.mjs'
import { accounts } from '../lib/api.mjs'

export async function journey(s) {
  const { base } = s
  const who = await accounts(base)
  let sent
  await s.step('8 photos of 4 MB arrive, each once, though pieces fail and the browser is killed', async () => {
    sent = await sendPhotos({
      base,
      chromiumPath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
      userName: who.engineer.userName,
      count: 8,
      restarts: 1,
      share: 0.05,
      seed: 20261123,
      say: () => {},
    })
    assert.deepEqual([sent.arrived, sent.twice, sent.notStored], [8, 0, 0])
    assert.ok(sent.failed > 0, 'the line failed nothing: nothing was proven')
    assert.ok(sent.resentShare < 0.1, `${(sent.resentShare * 100).toFixed(1)} % sent again`)
  })
}
