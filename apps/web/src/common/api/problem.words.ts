import { defineWords } from '../i18n/words'

export const problemWords = defineWords({
  'zh-CN': {
    'network.title': '没有连上服务器',
    'network.action': '你填写的内容还在，网络恢复后再提交即可',
    'timeout.title': '服务器迟迟没有回答',
    'timeout.action': '可以再试一次，重复提交不会重复执行',
    'unreadable.title': '服务器的回答无法识别（{status}）',
    'unreadable.action': '请刷新页面；如仍出现，把发生的时间告诉管理员',
  },
  'en-US': {
    'network.title': 'The server cannot be reached',
    'network.action': 'What you typed is kept; send it again once you are online',
    'timeout.title': 'The server took too long to answer',
    'timeout.action': 'Try again; a repeat is never done twice',
    'unreadable.title': 'The server’s answer cannot be read ({status})',
    'unreadable.action': 'Reload the page; if it stays, tell an administrator when it happened',
  },
})
