import { useWords } from '../../common/i18n/words'
import { words } from './words'

type Issue = { path: string; message: string }

/** Why a message waits, in words, with the fields that its mapping did not fill. */
export function useWhy(): (code: string, params: Record<string, unknown>) => { title: string; issues: Issue[] } {
  const t = useWords(words)
  return (code, params) => {
    const key = `why.${code}`
    const known = key in words['zh-CN']
    const title = known
      ? (t as (k: string, p: Record<string, unknown>) => string)(key, { message: '—', fields: '—', ...params })
      : t('why.other', { code })
    const issues = Array.isArray(params.issues)
      ? (params.issues as Issue[]).filter((i) => typeof i?.path === 'string' && typeof i.message === 'string')
      : []
    return { title, issues }
  }
}

/** JSON laid out to be read; anything else as it is. */
export function pretty(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2)
  } catch {
    return payload
  }
}
