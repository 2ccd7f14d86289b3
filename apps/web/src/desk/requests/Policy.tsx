import { useState } from 'react'
import { useCall, useCommand } from '../../common/api/query'
import { useWords } from '../../common/i18n/words'
import { orderWords } from '../../common/order.words'
import { toast } from '../../common/toast'
import { FormDialog } from '../FormDialog'
import { words } from './words'

const PRIORITIES = ['urgent', 'high', 'normal', 'low'] as const

/** How long answers and papers may take, for the whole company. */
export function PolicyDialog({ onClose }: { onClose: () => void }) {
  const policy = useCall('GET /api/requests-policy', {})
  return policy.data ? <Form initial={policy.data} onClose={onClose} /> : null
}

type Policy = {
  papersHours: number
  answerMin: { urgent: number; normal: number }
  escalationHours: Record<(typeof PRIORITIES)[number], number>
}

function Amount({ label, value, onChange }: { label: string; value: number; onChange: (n: number) => void }) {
  return (
    <label>
      <span>{label}</span>
      <input
        className="zc-input"
        type="number"
        min={1}
        max={10_080}
        value={value}
        onChange={(e) => onChange(Math.max(1, Math.round(Number(e.target.value) || 1)))}
      />
    </label>
  )
}

function Form({ initial, onClose }: { initial: Policy; onClose: () => void }) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const [p, setP] = useState(initial)
  const save = useCommand('PUT /api/requests-policy', {
    onSuccess: () => {
      toast(t('policy.saved'))
      onClose()
    },
  })
  return (
    <FormDialog
      title={t('policy.title')}
      submit={t('policy.save')}
      cancel={t('cancel')}
      busy={save.isPending}
      error={save.error}
      onSubmit={() => save.mutate({ body: p })}
      onClose={onClose}
    >
      <div className="site-act">
        <Amount
          label={t('policy.papers')}
          value={p.papersHours}
          onChange={(papersHours) => setP({ ...p, papersHours })}
        />
        <Amount
          label={t('policy.urgent')}
          value={p.answerMin.urgent}
          onChange={(urgent) => setP({ ...p, answerMin: { ...p.answerMin, urgent } })}
        />
        <Amount
          label={t('policy.normal')}
          value={p.answerMin.normal}
          onChange={(normal) => setP({ ...p, answerMin: { ...p.answerMin, normal } })}
        />
        {PRIORITIES.map((k) => (
          <Amount
            key={k}
            label={t('policy.escalation', { p: o(`priority.${k}`) })}
            value={p.escalationHours[k]}
            onChange={(n) => setP({ ...p, escalationHours: { ...p.escalationHours, [k]: n } })}
          />
        ))}
      </div>
    </FormDialog>
  )
}
