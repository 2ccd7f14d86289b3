import { Camera, CircleCheck, CircleMinus, CircleX, PenLine, ScanLine } from 'lucide-react'
import type { Reply } from '../../common/api/call'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import './checklists.css'
import { words } from './words'

export type Body = Reply<'GET /api/checklists/:id'>['versions'][number]['body']
export type Item = Body['items'][number]

export function useText() {
  const zh = useLanguage() === 'zh-CN'
  return (w: { zh: string; en?: string | undefined }) => (zh ? w.zh : w.en || w.zh)
}

const limits = (i: Item) =>
  i.min !== undefined && i.max !== undefined
    ? `${i.min}–${i.max}`
    : i.min !== undefined
      ? `≥ ${i.min}`
      : i.max !== undefined
        ? `≤ ${i.max}`
        : null

function Answer({ item }: { item: Item }) {
  const t = useWords(words)
  const text = useText()
  const range = limits(item)
  switch (item.kind) {
    case 'passFail':
      return (
        <div className="row three">
          <span>
            <CircleCheck className="zc-icon" size={18} aria-hidden /> {t('pass')}
          </span>
          <span>
            <CircleX className="zc-icon" size={18} aria-hidden /> {t('fail')}
          </span>
          <span>
            <CircleMinus className="zc-icon" size={18} aria-hidden /> {t('na')}
          </span>
        </div>
      )
    case 'number':
      return (
        <div className="row">
          <span className="input" />
          <em>{item.unit}</em>
          {range && <small>{t('limits', { limits: item.unit ? `${range} ${item.unit}` : range })}</small>}
        </div>
      )
    case 'choice':
      return (
        <div className="row wrap">
          {item.options?.map((o) => (
            <span key={o.value} className="chip">
              {text(o.label)}
            </span>
          ))}
        </div>
      )
    case 'text':
      return <div className="area" />
    default: {
      const Icon = item.kind === 'photo' ? Camera : item.kind === 'scan' ? ScanLine : PenLine
      return (
        <div className="row">
          <span>
            <Icon className="zc-icon" size={18} aria-hidden /> {t(`kind.${item.kind}`)}
          </span>
        </div>
      )
    }
  }
}

/** What a condition asks, in words. */
export function useCondition(items: readonly Item[]) {
  const t = useWords(words)
  const text = useText()
  return (item: Item): string | null => {
    if (!item.when) return null
    const asked = items.find((i) => i.key === item.when?.item)
    const values = item.when.is.map((v) => {
      const option = asked?.options?.find((o) => o.value === v)
      const key = `verdict.${v}`
      return option ? text(option.label) : key in words['zh-CN'] ? t(key as 'verdict.pass') : v
    })
    return t('shownWhen', { item: asked ? text(asked.label) : item.when.item, values: values.join(' / ') })
  }
}

/** The checklist in the frame of a phone: every item that can show, with what makes it show. */
export function Preview({ body }: { body: Body }) {
  const t = useWords(words)
  const text = useText()
  const condition = useCondition(body.items)
  return (
    <figure className="zc-phone" aria-label={t('preview')}>
      <header>{text(body.title)}</header>
      <div className="screen">
        {body.items.map((item) => (
          <div key={item.key} className="item" data-hangs={item.when ? '' : undefined}>
            <b>
              {text(item.label) || t('edit.unnamed')}
              {item.required && <i>{t('required')}</i>}
            </b>
            {item.hint && <small>{text(item.hint)}</small>}
            <Answer item={item} />
            {item.when && <small>{condition(item)}</small>}
            {item.onFail && <small>{t('onFail')}</small>}
          </div>
        ))}
      </div>
    </figure>
  )
}
