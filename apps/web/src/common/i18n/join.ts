import { currentLanguage } from './language'

const joiner = (zh: string, en: string) => (parts: readonly (string | null | undefined | false)[]) =>
  parts.filter(Boolean).join(currentLanguage() === 'zh-CN' ? zh : en)

/** 张三、李四 · Ann, Bob */
export const joinList = joiner('、', ', ')
/** Causes and reasons, each of several words: 晚 3 天；2 次低分 · 3 days late; 2 low scores */
export const joinClauses = joiner('；', '; ')
/** What happened, then what to do. */
export const joinSentences = joiner('。', '. ')
/** 原因：细节 · Reason: details */
export const joinDetail = joiner('：', ': ')
