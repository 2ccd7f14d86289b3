import type { ReactNode } from 'react'
import { setLanguage, useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { words } from './words'

/** The frame of a customer's page: the company's logo and name, one column, nothing else. */
export function LinkShell({
  company,
  logo,
  foot,
  children,
}: {
  company?: string
  logo?: string | null
  foot?: ReactNode
  children: ReactNode
}) {
  const t = useWords(words)
  const language = useLanguage()
  return (
    <div className="zc-link">
      <header>
        <img src={logo ?? '/mark.svg'} alt="" />
        <b className="zc-clip">{company ?? t('product')}</b>
        <button
          type="button"
          className="zc-btn quiet"
          lang={language === 'zh-CN' ? 'en' : 'zh-CN'}
          onClick={() => setLanguage(language === 'zh-CN' ? 'en-US' : 'zh-CN')}
        >
          {t('switch')}
        </button>
      </header>
      <main>{children}</main>
      {foot && <footer>{foot}</footer>}
    </div>
  )
}
