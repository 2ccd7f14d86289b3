import { useMemo } from 'react'
import { currentLanguage, type Language, useLanguage } from './language'

/** English may need a plural; Chinese never does. The plural is chosen by the parameter `n`. */
export type Phrase = string | { one: string; other: string }
export type Words<Z extends Record<string, string> = Record<string, string>> = {
  'zh-CN': Z
  'en-US': { [K in keyof Z]: Phrase }
}

type ParamsIn<S> = S extends `${string}{${infer P}}${infer Rest}` ? P | ParamsIn<Rest> : never
type Args<S> = [ParamsIn<S>] extends [never] ? [] : [params: Record<ParamsIn<S>, string | number>]
/** `t('offer.sent', { name })`: the key and its `{parameters}` are checked by the compiler. */
export type T<Z extends Record<string, string>> = <K extends keyof Z & string>(key: K, ...args: Args<Z[K]>) => string

/**
 * The words of a scene, in `words.ts` beside it: flat keys, `{param}` in single braces, Chinese first.
 * A key that one language lacks does not compile; `words.test.ts` finds empty ones and differing parameters.
 */
export function defineWords<const Z extends Record<string, string>>(words: Words<Z>): Words<Z> {
  return words
}

/** Fills `{param}`; an unknown parameter stays visible, so that a mistake is seen rather than blank. */
export function fill(phrase: Phrase, params: Record<string, string | number> | undefined, language: Language): string {
  const text =
    typeof phrase === 'string'
      ? phrase
      : new Intl.PluralRules(language).select(Number(params?.n ?? 0)) === 'one'
        ? phrase.one
        : phrase.other
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (params && name in params ? String(params[name]) : whole))
}

/** Words outside React. Inside, use `useWords`, which follows a change of language. */
export function wordsIn<Z extends Record<string, string>>(
  words: Words<Z>,
  language: Language = currentLanguage(),
): T<Z> {
  return (key, ...args) => fill(words[language][key], args[0] as Record<string, string | number> | undefined, language)
}

export function useWords<Z extends Record<string, string>>(words: Words<Z>): T<Z> {
  const language = useLanguage()
  return useMemo(() => wordsIn(words, language), [words, language])
}
