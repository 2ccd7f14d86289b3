import { theme as antd, type ThemeConfig } from 'antd'
import { type Theme, token } from '../common/theme/theme'

type MappingAlgorithm = Exclude<NonNullable<ThemeConfig['algorithm']>, unknown[]>

// antd's dark algorithm dims the colours it is given until their words cannot be read: ours are already made for the dark.
const exact: MappingAlgorithm = (_seed, map) => ({
  ...(map as NonNullable<typeof map>),
  colorPrimary: token('--brand'),
  colorPrimaryHover: token('--brand-hover'),
  colorPrimaryActive: token('--brand-hover'),
  colorPrimaryBg: token('--selected'),
  colorPrimaryBgHover: token('--selected'),
  colorError: token('--red'),
  colorErrorHover: token('--red-mark'),
  colorErrorBg: token('--red-soft'),
})

/** antd in our tokens. It computes shades in JavaScript, so it needs the values, read from the CSS that is on screen. */
export function deskTheme(theme: Theme): ThemeConfig {
  return {
    algorithm: [theme === 'dark' ? antd.darkAlgorithm : antd.defaultAlgorithm, exact],
    cssVar: { key: `zc-${theme}` },
    hashed: false,
    token: {
      colorPrimary: token('--brand'),
      colorInfo: token('--blue-mark'),
      colorSuccess: token('--green-mark'),
      colorWarning: token('--amber-mark'),
      colorError: token('--red-mark'),
      colorLink: token('--brand-text'),
      colorText: token('--text'),
      colorTextSecondary: token('--text-2'),
      colorTextTertiary: token('--text-3'),
      colorTextPlaceholder: token('--text-3'),
      colorTextDescription: token('--text-2'),
      colorTextLightSolid: token('--on-brand'),
      colorBgBase: token('--surface'),
      colorBgLayout: token('--bg'),
      colorBgContainer: token('--surface'),
      colorBgElevated: token('--raised'),
      colorBorder: token('--line-strong'),
      colorBorderSecondary: token('--line'),
      fontFamily: token('--font'),
      fontSize: 14,
      fontSizeSM: 13,
      fontSizeLG: 16,
      fontSizeHeading1: 28,
      fontSizeHeading2: 20,
      fontSizeHeading3: 16,
      lineHeight: 1.5,
      borderRadius: 6,
      controlHeight: 32,
      motionDurationFast: '0.12s',
      motionDurationMid: '0.16s',
      motionDurationSlow: '0.2s',
      boxShadow: token('--shadow'),
      boxShadowSecondary: token('--shadow'),
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 500 },
      Table: { headerBg: token('--surface'), cellPaddingBlockSM: 6 },
    },
  }
}
