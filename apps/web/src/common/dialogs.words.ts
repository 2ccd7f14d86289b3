import { defineWords } from './i18n/words'

export const words = defineWords({
  'zh-CN': {
    cancel: '取消',
    close: '关闭',
    'palette.label': '搜索与命令',
    'palette.placeholder': '搜索工单、客户、人员，或输入要做的事',
    'palette.none': '没有找到“{text}”，换个词或编号试试',
    'palette.searching': '正在搜索',
    'palette.move': '选择',
    'palette.open': '打开',
    'palette.go': '前往',
    'palette.do': '操作',
    undo: '撤销',
  },
  'en-US': {
    cancel: 'Cancel',
    close: 'Close',
    'palette.label': 'Search and commands',
    'palette.placeholder': 'Search orders, customers, people, or type what to do',
    'palette.none': 'Nothing found for “{text}”. Try another word or a number',
    'palette.searching': 'Searching',
    'palette.move': 'choose',
    'palette.open': 'open',
    'palette.go': 'Go to',
    'palette.do': 'Actions',
    undo: 'Undo',
  },
})
