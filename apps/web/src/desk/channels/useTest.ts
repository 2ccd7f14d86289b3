import { useState } from 'react'
import { deliveryWhyWords } from '#contracts/words/deliveries'
import { call } from '../../common/api/call'
import { asApiError } from '../../common/api/problem'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { words } from './words'

export function useWhy(): (why: string | null) => string {
  const language = useLanguage() === 'zh-CN' ? 'zh' : 'en'
  return (why) => (why ? (deliveryWhyWords[why]?.[language] ?? why) : '')
}

/** Starts a test and follows its delivery to the end: the answer of the vendor stands beside the button. */
export function useTest() {
  const t = useWords(words)
  const why = useWhy()
  const [said, setSaid] = useState<{ text: string; good: boolean | null } | null>(null)
  const run = async (start: () => Promise<{ deliveryId: string }>) => {
    setSaid({ text: t('test.waiting'), good: null })
    try {
      const { deliveryId: id } = await start()
      for (let i = 0; ; i++) {
        await new Promise((done) => setTimeout(done, 600))
        const d = await call('GET /api/deliveries/:id', { params: { id } })
        if (d.state === 'sent') return setSaid({ text: t('test.sent'), good: true })
        const words = [why(d.why), d.detail].filter(Boolean).join(' · ')
        if (d.state === 'failed' || d.state === 'skipped' || d.state === 'unknown')
          return setSaid({ text: t('test.failed', { why: words }), good: false })
        // It waits for its next try or for the vendor's minute: the log goes on with it.
        if (d.why && i > 2) return setSaid({ text: t('test.queued', { why: words }), good: null })
        if (i > 40) return setSaid({ text: t('test.queued', { why: '—' }), good: null })
      }
    } catch (error) {
      setSaid({ text: t('test.failed', { why: asApiError(error).title }), good: false })
    }
  }
  return { said, run }
}
