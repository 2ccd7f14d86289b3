import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ApiError } from '../../common/api/problem'
import { joinSentences } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { PlaceLink } from '../PlaceLink'
import { words } from './words'

/** The order and the place, as the first lines of every detail. */
export function useAboutRows() {
  const t = useWords(words)
  return (r: {
    orderId: string
    orderNumber: string | null
    orderTitle: string
    customer: { name: string }
    siteName: string | null
    visitId: string | null
  }): [string, ReactNode][] => [
    [t('order'), <PlaceLink key="o" to={`/orders/${r.orderId}`}>{`${r.orderNumber ?? ''} ${r.orderTitle}`}</PlaceLink>],
    [t('col.where'), [r.customer.name, r.siteName].filter(Boolean).join(' · ')],
    ...(r.visitId
      ? [
          [
            t('visit'),
            <Link key="v" to={'/dispatch' as string} search={{ visit: r.visitId } as never}>
              {t('visit.open')}
            </Link>,
          ] as [string, ReactNode],
        ]
      : []),
  ]
}

export function Photos({ photos, base }: { photos: readonly { id: string; stored: boolean }[]; base: string }) {
  const t = useWords(words)
  const stored = photos.filter((p) => p.stored)
  if (stored.length === 0) return null
  return (
    <div className="site-photos">
      {stored.map((p) => (
        <a key={p.id} href={`${base}/${p.id}`} target="_blank" rel="noreferrer" aria-label={t('photos')}>
          <img src={`${base}/${p.id}?size=thumb`} alt="" loading="lazy" />
        </a>
      ))}
    </div>
  )
}

export function Problem({ error }: { error: ApiError | null }) {
  const t = useWords(words)
  if (!error) return null
  return (
    <p className="site-error" role="alert">
      {t('error', { why: joinSentences([error.title, error.detail, error.action]) })}
    </p>
  )
}

export function Text({
  label,
  hint,
  value,
  onChange,
  rows = 3,
}: {
  label: string
  hint?: string
  value: string
  onChange: (v: string) => void
  rows?: number
}) {
  return (
    <label>
      <span>{label}</span>
      <textarea
        className="zc-input"
        rows={rows}
        maxLength={4000}
        placeholder={hint}
        value={value}
        onChange={(e) => onChange(e.target.value)}
      />
    </label>
  )
}
