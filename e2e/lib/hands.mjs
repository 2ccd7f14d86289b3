/** Signs in by one click on a demo account. */
export async function enter(page, base, path, account) {
  await page.goto(`${base}${path}`)
  await page.getByRole('button', { name: new RegExp(`${account.name}登录$`) }).click()
  await page.getByRole('button', { name: new RegExp(`${account.name}登录$`) }).waitFor({ state: 'detached' })
}

/** Writes a name: a wave that ends away from where it began. */
export async function draw(page, canvas) {
  await canvas.waitFor()
  const box = await canvas.boundingBox()
  const at = (t) => [box.x + box.width * (0.2 + 0.6 * t), box.y + box.height * (0.5 + 0.18 * Math.sin(t * 14))]
  await page.mouse.move(...at(0))
  await page.mouse.down()
  for (let i = 1; i <= 40; i++) await page.mouse.move(...at(i / 40))
  await page.mouse.up()
}
