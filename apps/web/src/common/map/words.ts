import { defineWords } from '../i18n/words'

export const mapWords = defineWords({
  'zh-CN': {
    noWebgl: '这台设备不能显示地图，下面是同样的内容',
    empty: '没有可显示的位置',
    map: '地图',
    'zoom.in': '放大',
    'zoom.out': '缩小',
    source: '地图来源',
    outline: '轮廓：国家标准地图',
  },
  'en-US': {
    noWebgl: 'This device cannot show maps; here is the same as a list',
    empty: 'No positions to show',
    map: 'Map',
    'zoom.in': 'Zoom in',
    'zoom.out': 'Zoom out',
    source: 'Map source',
    outline: 'Outline: national standard map',
  },
})
