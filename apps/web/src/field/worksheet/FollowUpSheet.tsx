import { useState } from 'react'
import { limitsOf } from '#lifecycle/worksheet'
import { newId } from '../../common/api/call'
import { useWords } from '../../common/i18n/words'
import { orderWords } from '../../common/order.words'
import { toast } from '../../common/toast'
import { useAct } from '../../offline'
import { Chips, Sheet } from '../visit/Sheet'
import type { Item, Sheet as SheetRow } from './data'
import { useText } from './text'
import { words } from './words'

const types = ['repair', 'install', 'upgrade', 'inspect', 'survey', 'other'] as const
const priorities = ['urgent', 'high', 'normal', 'low'] as const

/** What failed as a draft order: its words come from the item and its note, and the engineer confirms them. */
export default function FollowUpSheet({
  sheet,
  checklistId,
  item,
  onClose,
}: {
  sheet: SheetRow
  checklistId: string
  item: Item
  onClose: () => void
}) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const text = useText()
  const act = useAct()
  const answer = sheet.answers.find((a) => a.checklistId === checklistId && a.item === item.key)
  const offer = item.onFail?.followUp
  const note = answer?.note ?? ''
  const limits = limitsOf(item)
  const [title, setTitle] = useState(
    (
      offer?.title ||
      (note
        ? t('follow.draftTitle', { item: text(item.label), note })
        : t('follow.draftTitle.plain', { item: text(item.label) }))
    ).slice(0, 200),
  )
  const [detail, setDetail] = useState(
    t('follow.draftText', {
      item: text(item.label),
      value:
        typeof answer?.value === 'number' && limits
          ? t('follow.value', { value: `${answer.value} ${item.unit ?? ''}`.trim(), limits })
          : '',
      note,
    }),
  )
  const [type, setType] = useState<(typeof types)[number]>((offer?.type as 'repair' | undefined) ?? 'repair')
  const [priority, setPriority] = useState<(typeof priorities)[number]>(offer?.priority ?? 'normal')
  const [id] = useState(newId)
  return (
    <Sheet
      title={t('follow.title')}
      onClose={onClose}
      foot={
        <button
          type="button"
          className="zc-btn primary big"
          disabled={title.trim() === ''}
          onClick={() => {
            void act('worksheet.followUp', sheet.id, {
              followUpId: id,
              checklistId,
              item: item.key,
              title: title.trim(),
              text: detail.trim(),
              type,
              priority,
            })
            toast(t('follow.sent'))
            onClose()
          }}
        >
          {t('follow.send')}
        </button>
      }
    >
      <p className="zc-note">{t('follow.lead')}</p>
      <label className="zc-field-row">
        <span>{t('follow.name')}</span>
        <input className="zc-input" maxLength={200} value={title} onChange={(e) => setTitle(e.target.value)} />
      </label>
      <label className="zc-field-row">
        <span>{t('follow.text')}</span>
        <textarea
          className="zc-input"
          rows={3}
          maxLength={4000}
          value={detail}
          onChange={(e) => setDetail(e.target.value)}
        />
      </label>
      <Chips
        name="follow-type"
        label={t('follow.type')}
        options={types.map((x) => [x, o(`type.${x}`)] as const)}
        value={type}
        onChange={setType}
      />
      <Chips
        name="follow-priority"
        label={t('follow.priority')}
        options={priorities.map((x) => [x, o(`priority.${x}`)] as const)}
        value={priority}
        onChange={setPriority}
      />
    </Sheet>
  )
}
