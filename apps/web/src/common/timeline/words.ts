import { defineWords } from '../i18n/words'

export const words = defineWords({
  'zh-CN': {
    people: '工程师',
    keys: '方向键在派工之间移动，回车打开，M 进入移动：左右改时间，上下换人，回车确认，Esc 放弃',
    bar: '{title}，{state}，{from} 到 {to}',
    'bar.locked': '已锁定',
    'bar.engine': '引擎排定',
    'bar.travel': '路上 {time}',
    window: '承诺 {from}–{to}',
    moving: '{title} 移到 {person} {from}–{to}',
    'moving.start': '移动 {title}：左右改时间，上下换人，回车确认，Esc 放弃',
    'moving.done': '{title} 已移到 {person} {from}',
    'moving.left': '没有移动',
    load: '负荷 {share}',
    now: '现在',
  },
  'en-US': {
    people: 'Engineers',
    keys: 'Arrow keys move between visits, Enter opens, M moves: left and right change the time, up and down the person, Enter confirms, Esc leaves',
    bar: '{title}, {state}, {from} to {to}',
    'bar.locked': 'locked',
    'bar.engine': 'planned by the engine',
    'bar.travel': 'travel {time}',
    window: 'Promised {from}–{to}',
    moving: '{title} to {person} {from}–{to}',
    'moving.start':
      'Moving {title}: left and right change the time, up and down the person, Enter confirms, Esc leaves',
    'moving.done': '{title} moved to {person} {from}',
    'moving.left': 'Not moved',
    load: 'Load {share}',
    now: 'Now',
  },
})
