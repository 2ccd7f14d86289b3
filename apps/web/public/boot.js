// Runs before the first paint, so that a remembered dark theme never flashes white. Kept outside the HTML for a strict CSP.
;(() => {
  const root = document.documentElement
  let theme = 'system'
  let lang = ''
  try {
    theme = localStorage.getItem('zc.theme') || 'system'
    lang = localStorage.getItem('zc.lang') || ''
  } catch {}
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.theme = dark ? 'dark' : 'light'
  root.lang = lang || (/^en/i.test(navigator.language) ? 'en-US' : 'zh-CN')
})()
