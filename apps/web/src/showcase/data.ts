import { VISIT_STATES } from '#lifecycle'
import type { TimelineBar, TimelineBlock, TimelineRow } from '../common/timeline/Timeline'

const HOUR = 3_600_000
const NAMES = ['张伟', '李娜', '欧阳建国', '陈晨', '周敏', '吴昊', '郑爽', '冯涛', '褚卫', '蒋雯']

/** A day like any other, from a seed: `bars` spread over `rows` people. More bars than a day holds run on over days. */
export function timelineOf(
  rowCount: number,
  barCount: number,
): { rows: TimelineRow[]; bars: TimelineBar[]; absences: TimelineBlock[]; from: number; to: number } {
  let seed = 42
  const random = () => {
    seed = (seed * 1_664_525 + 1_013_904_223) >>> 0
    return seed / 2 ** 32
  }
  // 00:00 in Shanghai.
  const from = Math.floor((Date.now() + 8 * HOUR) / 86_400_000) * 86_400_000 - 8 * HOUR
  const perRow = Math.ceil(barCount / rowCount)
  const days = Math.max(1, Math.ceil(perRow / 5))
  const rows = Array.from({ length: rowCount }, (_, i) => ({
    id: `r${i}`,
    name: `${NAMES[i % NAMES.length]}${i >= NAMES.length ? Math.floor(i / NAMES.length) : ''}`,
    note: ['网络 4 · 存储 3', '服务器 5', '弱电 2 · 高压电工证'][i % 3] as string,
    load: 0.3 + random(),
    travelM: Math.round(random() * 60_000),
  }))
  const bars: TimelineBar[] = []
  for (let i = 0; i < barCount; i++) {
    const row = i % rowCount
    const nth = Math.floor(i / rowCount)
    const start =
      from + Math.floor(nth / 5) * 86_400_000 + (8 + (nth % 5) * 2.2) * HOUR + Math.floor(random() * 3) * 900_000
    const end = start + (1 + Math.floor(random() * 3) * 0.25) * HOUR
    bars.push({
      id: `b${i}`,
      rowId: `r${row}`,
      start,
      end,
      title: ['星海医院', '云栖数据中心', '宁波港', '科大讯飞'][i % 4] as string,
      state: VISIT_STATES[i % 9] as TimelineBar['state'],
      travelMin: 25,
      locked: i % 11 === 0,
      engine: i % 7 === 0,
      window: i % 3 === 0 ? { from: start - HOUR / 2, to: start + HOUR } : undefined,
      problem: i % 17 === 0 ? '晚于承诺' : undefined,
    })
  }
  const absences = rows
    .filter((_, i) => i % 6 === 4)
    .map((row) => ({ id: `a${row.id}`, rowId: row.id, start: from + 13 * HOUR, end: from + 18 * HOUR, label: '请假' }))
  return { rows, bars, absences, from, to: from + days * 86_400_000 }
}
