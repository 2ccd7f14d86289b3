import { useWords } from '../../common/i18n/words'
import { Sheet } from './Sheet'
import type { Step } from './steps'
import { words } from './words'

/** What else can be done, dangerous things last and apart. */
export default function MoreSheet({ steps, onClose }: { steps: Step[]; onClose: () => void }) {
  const t = useWords(words)
  return (
    <Sheet title={t('more.title')} onClose={onClose}>
      <div className="zc-menu">
        {steps.map((step) => (
          <button
            key={step.key}
            type="button"
            className={step.danger ? 'danger' : ''}
            onClick={() => {
              onClose()
              step.run()
            }}
          >
            {step.label}
          </button>
        ))}
      </div>
    </Sheet>
  )
}
