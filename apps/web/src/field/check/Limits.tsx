import { useEffect, useState } from 'react'
import { useWords } from '../../common/i18n/words'
import { Tag } from '../../common/StateTag'
import { capabilities, FEATURES, type Limits, limitsOf } from '../../offline/limits'
import { words } from '../../offline/limits.words'

const MEANING = { yes: 'green', partly: 'amber', no: 'grey' } as const

/** What a page can do where it was opened, by the table that the manual prints: what is not mended but known. */
export function LimitsHere() {
  const t = useWords(words)
  const [limits, setLimits] = useState<Limits>()
  useEffect(() => {
    let current = true
    void capabilities().then((c) => current && setLimits(limitsOf(c)))
    return () => {
      current = false
    }
  }, [])
  if (!limits) return null
  return (
    <section className="zc-part" aria-label={t(`place.${limits.place}`)}>
      <header>
        <h2>{t(`place.${limits.place}`)}</h2>
      </header>
      {FEATURES.map((feature) => {
        const why = limits.why[feature]
        return (
          <div key={feature}>
            <div className="zc-line plain">
              <b>{t(`feature.${feature}`)}</b>
              <Tag meaning={MEANING[limits.works[feature]]}>{t(`works.${limits.works[feature]}`)}</Tag>
            </div>
            {why && <p className="zc-note">{t(`why.${why}`)}</p>}
          </div>
        )
      })}
    </section>
  )
}
