export interface ErrorDef {
  status: number
  /** What happened and why; `{name}` is filled from params. */
  zh: string
  en: string
  /** What to do next. */
  zhAction: string
  enAction: string
}
export const errors = <const T extends Record<string, ErrorDef>>(t: T): T => t
