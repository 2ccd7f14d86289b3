import { defineWords } from '../../common/i18n/words'

export const words = defineWords({
  'zh-CN': {
    title: '到场签到码',
    how: '工程师请用「驻场」签到页扫描',
    turns: '{seconds} 秒后更换',
    label: '{site} 的到场二维码',
    lost: '连接中断，正在重新获取二维码',
    'lost.text': '请检查这台屏幕的网络。恢复后会自动显示，不用刷新。',
    awake: '请保持此页面打开；屏幕会保持常亮。',
    asleep: '请在系统设置里关闭自动锁屏，并保持此页面打开。',
    help: '需要帮助请致电 {phone}',
  },
  'en-US': {
    title: 'Arrival code',
    how: 'Engineers scan it on their check-in page',
    turns: 'Turns in {seconds} s',
    label: 'Arrival code of {site}',
    lost: 'Connection lost; fetching the code again',
    'lost.text': 'Please check the network of this screen. It comes back by itself.',
    awake: 'Keep this page open; the screen stays awake.',
    asleep: 'Please switch off automatic locking in the settings and keep this page open.',
    help: 'For help call {phone}',
  },
})
