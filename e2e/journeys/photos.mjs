// Photos that always arrive and that prove something. The bench sends 200 (`npm run bench -- field`), here a few.
import { strict as assert } from 'node:assert'
import sharp from 'sharp'
import { sendPhotos } from '../../bench/field/photos.mjs'
import { accounts, api, signInApi } from '../lib/api.mjs'

/** A picture with something on it, different for every number. */
const picture = async (n, name = `IMG_${n}.jpg`) => {
  const blocks = Array.from(
    { length: 24 },
    (_, i) =>
      `<rect x="${(i * 733 + n * 191) % 3600}" y="${(i * 431 + n * 97) % 2700}" width="${300 + ((i * n * 37) % 500)}" height="240" fill="hsl(${(i * 47 + n * 31) % 360} 60% 45%)"/>`,
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="3000"><rect width="4000" height="3000" fill="#345"/>${blocks.join('')}</svg>`
  const buffer = await sharp(Buffer.from(svg))
    .withExif({ IFD0: { Make: 'HUAWEI', Model: 'Mate 70' } })
    .jpeg({ quality: 97 })
    .toBuffer()
  return { name, mimeType: 'image/jpeg', buffer }
}

export async function journey(s) {
  const { base } = s
  const who = await accounts(base)
  const phone = await s.context('phone')
  const desk = await s.context('desk')
  let visit
  let second
  const photosOf = async (id) =>
    (await api(phone, base, 'GET', `/api/visits/${id}`)).evidence.filter((e) => e.kind === 'photo')
  const arrived = async (id) => (await photosOf(id)).filter((e) => e.storedAt).length
  const stored = async (id, n, what) => {
    for (let i = 0; i < 120; i++) {
      const rows = (await photosOf(id)).filter((e) => e.storedAt)
      if (rows.length >= n) return rows
      await new Promise((done) => setTimeout(done, 250))
    }
    throw new Error(`${what}: ${(await photosOf(id)).length} declared, fewer than ${n} stored`)
  }

  await s.step(
    'a photo taken without a network is kept, and goes when there is one; smaller, with what the camera wrote',
    async () => {
      await signInApi(phone, base, who.engineer.userName)
      const { visits } = await api(phone, base, 'GET', '/api/field/today')
      const open = visits.filter((v) => v.can.addEvidence)
      visit = open[0]
      second = open.find((v) => v.orderId !== visit.orderId)
      assert.ok(second, 'two visits of two orders')
      const before = await arrived(visit.id)
      await phone.goto(`${base}/m/visits/${visit.id}`)
      await phone.getByTestId('camera').waitFor({ state: 'attached' })
      await phone.context().setOffline(true)
      await phone.getByTestId('camera').setInputFiles(await picture(1))
      await phone.locator('.zc-localtile[data-state="waiting"]').waitFor()
      await phone.locator('.zc-localtile').click()
      await phone.getByRole('dialog').getByText('编号').waitFor()
      await s.shot(phone, '1-kept')
      await s.accessible(phone)
      await phone.keyboard.press('Escape')
      await phone.context().setOffline(false)
      const [row] = (await stored(visit.id, before + 1, 'after the network came back')).slice(-1)
      assert.ok(row.bytes < 1_000_000 && row.width === 2560, `${row.bytes} bytes, ${row.width} wide`)
    },
  )

  await s.step('with Wi-Fi only and a line of unknown kind photos wait for a word, then go', async () => {
    const before = await arrived(visit.id)
    await phone.goto(`${base}/m/photos`)
    await phone.getByRole('switch', { name: '只用 Wi-Fi 上传照片' }).check()
    await s.accessible(phone)
    await phone.goto(`${base}/m/visits/${visit.id}`)
    await phone.getByTestId('album').setInputFiles([await picture(2), await picture(3)])
    await phone.locator('.zc-localtile[data-state="held"]').nth(1).waitFor()
    await phone.goto(`${base}/m/photos`)
    await phone.getByText('2 张待上传').waitFor()
    await s.shot(phone, '2-held')
    await phone.getByRole('button', { name: '现在上传这几张' }).click()
    await stored(visit.id, before + 2, 'after the word')
    await phone.getByText('没有等待上传的照片').waitFor()
    await phone.getByRole('switch', { name: '只用 Wi-Fi 上传照片' }).uncheck()
  })

  await s.step('two tabs send each photo once', async () => {
    const before = await arrived(visit.id)
    const known = new Set((await photosOf(visit.id)).map((e) => e.id))
    const beside = await phone.context().newPage()
    await phone.goto(`${base}/m/visits/${visit.id}`)
    await beside.goto(`${base}/m/visits/${visit.id}`)
    for (const [n, page] of [phone, beside].entries()) {
      await page.getByTestId('album').waitFor({ state: 'attached' })
      await page.getByTestId('album').setInputFiles([await picture(4 + n), await picture(6 + n)])
    }
    await stored(visit.id, before + 4, 'of two tabs')
    const fresh = (await photosOf(visit.id)).filter((e) => !known.has(e.id))
    assert.equal(fresh.length, 4)
    assert.equal(new Set(fresh.map((e) => e.sha256)).size, 4)
    // The tab that did not send knows as well.
    for (const page of [phone, beside]) {
      await page.goto(`${base}/m/photos`)
      await page.getByText('没有等待上传的照片').waitFor()
    }
    await beside.close()
  })

  await s.step('a session that ends in between loses nothing: after the sign-in it goes on', async () => {
    const before = await arrived(visit.id)
    await phone.goto(`${base}/m/visits/${visit.id}`)
    await phone.getByTestId('album').waitFor({ state: 'attached' })
    const cookies = await phone.context().cookies()
    // Out of reach for a moment: whatever the page asks in the background would end it before the photo is taken.
    await phone.context().setOffline(true)
    await phone.context().clearCookies()
    await phone.getByTestId('camera').setInputFiles(await picture(9))
    await phone.locator('.zc-localtile, .zc-tile').last().waitFor()
    await phone.context().setOffline(false)
    await phone.getByRole('button', { name: new RegExp(`${who.engineer.name}登录$`) }).waitFor()
    await phone.context().addCookies(cookies)
    await phone.reload()
    await stored(visit.id, before + 1, 'after the sign-in')
  })

  await s.step('a full phone says so, and the photo still goes while the page is open', async () => {
    const before = await arrived(visit.id)
    await phone.goto(`${base}/m/visits/${visit.id}`)
    await phone.getByTestId('album').waitFor({ state: 'attached' })
    await phone.context().setOffline(true)
    // Chromium's own switch for a small quota does nothing in a window of a test: the browser's answer is planted.
    await phone.evaluate(() => {
      const { put } = IDBObjectStore.prototype
      IDBObjectStore.prototype.put = function (...a) {
        if (this.name === 'files') throw new DOMException('full', 'QuotaExceededError')
        return put.apply(this, a)
      }
    })
    await phone.getByTestId('camera').setInputFiles(await picture(10))
    await phone.getByText('手机存储满了').waitFor()
    await s.shot(phone, '3-full')
    await phone.context().setOffline(false)
    await stored(visit.id, before + 1, 'of a full phone')
  })

  await s.step('a HEIC that nobody can draw is sent as it is; a broken picture is refused in words', async () => {
    const before = await arrived(visit.id)
    await phone.goto(`${base}/m/visits/${visit.id}`)
    const box = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heic', 'latin1')])
    const heic = Buffer.concat([box, Buffer.from(`${Date.now()}`), Buffer.alloc(500, 7)])
    await phone.getByTestId('album').setInputFiles([{ name: 'IMG.HEIC', mimeType: 'image/heic', buffer: heic }])
    const [row] = (await stored(visit.id, before + 1, 'HEIC')).slice(-1)
    assert.deepEqual(row.flags, ['no_preview'])
    await phone.getByText('HEIC 原件').first().waitFor()
    await phone
      .getByTestId('album')
      .setInputFiles([{ name: 'cut.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') }])
    await phone.locator('.zc-localtile[data-state="refused"]').click()
    await phone.getByRole('dialog').getByText('文件无法识别，可能已损坏').waitFor()
    await s.shot(phone, '4-refused')
    await phone.getByRole('button', { name: '移除这张照片' }).click()
    await phone.locator('.zc-localtile[data-state="refused"]').waitFor({ state: 'detached' })
  })

  await s.step('the same photo on a second order is taken, and whoever has its code sees both', async () => {
    const before = await arrived(second.id)
    await phone.goto(`${base}/m/visits/${second.id}`)
    await phone.getByTestId('album').waitFor({ state: 'attached' })
    await phone.getByTestId('album').setInputFiles([await picture(1)])
    const [row] = (await stored(second.id, before + 1, 'of the second order')).slice(-1)
    assert.deepEqual(row.flags, ['seen_before'])
    await signInApi(desk, base, who.supervisor.userName)
    await desk.goto(`${base}/evidence`)
    await desk.getByLabel('照片编号').fill(`${row.code.slice(0, 4).toLowerCase()} ${row.code.slice(4)}`)
    await desk.getByRole('button', { name: '查验' }).click()
    await desk.getByText('同一张照片曾用于其他工单').waitFor()
    await desk.getByText('完全相同').first().waitFor()
    await desk.getByText('HUAWEI Mate 70').waitFor()
    await s.shot(desk, '5-evidence')
    await s.accessible(desk)
  })

  await s.step('8 photos of 4 MB arrive, each once, though pieces fail and the browser is killed', async () => {
    const sent = await sendPhotos({
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
