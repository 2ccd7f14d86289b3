import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { run } from './run.mjs'
import { step } from './say.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The Chromium for the journeys: CHROMIUM_PATH, or the system's. */
export function findChromium() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH
  for (const folder of (process.env.PATH ?? '').split(':')) {
    for (const name of names) if (existsSync(`${folder}/${name}`)) return `${folder}/${name}`
  }
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
  return existsSync(mac) ? mac : undefined
}

function hasChineseFont() {
  const found = spawnSync('fc-list', [':lang=zh', 'family'], { encoding: 'utf8' })
  return process.platform !== 'linux' || (found.status === 0 && found.stdout.trim() !== '')
}

/** Makes sure of a browser and a Chinese font; on Debian as root installs them. Answers with what is missing. */
export async function ensureBrowser() {
  const wanted = [
    ...(findChromium() ? [] : ['chromium']),
    ...(hasChineseFont() ? [] : ['fontconfig', 'fonts-noto-cjk']),
  ]
  if (wanted.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await step('安装浏览器与中文字体', `apt-get install ${wanted.join(' ')}`, async () => {
      const env = { DEBIAN_FRONTEND: 'noninteractive' }
      await run('apt-get', ['update', '-qq'], { env, capture: true })
      const { code, said } = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...wanted], {
        env,
        capture: true,
      })
      if (code !== 0) console.error(said.slice(-2000))
    })
  }
  if (!findChromium()) {
    return '浏览器测试需要 Chromium：请安装后重试，或设置 CHROMIUM_PATH。 The browser journeys need Chromium: install it, or set CHROMIUM_PATH.'
  }
  if (!hasChineseFont()) console.log('  没有中文字体，截图会缺字 · no Chinese font: screenshots will show boxes')
  return undefined
}
