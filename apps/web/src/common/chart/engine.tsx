import { BarChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useMemo, useRef } from 'react'
import { token, useTheme } from '../theme/theme'

use([
  LineChart,
  BarChart,
  ScatterChart,
  GridComponent,
  TooltipComponent,
  LegendComponent,
  MarkLineComponent,
  SVGRenderer,
])

export type ChartColors = Record<
  'blue' | 'teal' | 'green' | 'amber' | 'red' | 'grey' | 'violet' | 'text' | 'line',
  string
>
export type ChartProps = {
  label: string
  /** Gets the colours by meaning; return a plain ECharts option. Keep it stable with useCallback. */
  option: (colors: ChartColors) => EChartsCoreOption
  table: { head: string[]; rows: (string | number)[][] }
  height?: number
  onPick?: (point: { seriesName?: string; name: string; dataIndex: number }) => void
}

export default function Engine({ option, height = 240, onPick }: ChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const { theme } = useTheme()
  const made = useMemo(() => {
    // Read again when the theme changes: SVG text cannot use CSS variables through ECharts.
    void theme
    const mark = (name: string) => token(`--${name}-mark`)
    const colors: ChartColors = {
      blue: mark('blue'),
      teal: mark('teal'),
      green: mark('green'),
      amber: mark('amber'),
      red: mark('red'),
      grey: mark('grey'),
      violet: mark('violet'),
      text: token('--text-2'),
      line: token('--line'),
    }
    const axis = {
      axisLine: { lineStyle: { color: colors.line } },
      axisTick: { show: false },
      axisLabel: { color: colors.text },
      splitLine: { lineStyle: { color: colors.line } },
    }
    const given = option(colors)
    const withAxis = (value: unknown) =>
      value
        ? Array.isArray(value)
          ? value.map((one) => ({ ...axis, ...one }))
          : { ...axis, ...(value as object) }
        : undefined
    return {
      color: [colors.teal, colors.grey, colors.blue, colors.violet],
      animationDuration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 180,
      textStyle: { fontFamily: token('--font'), color: colors.text },
      grid: { left: 8, right: 12, top: 28, bottom: 4, containLabel: true },
      tooltip: {
        trigger: 'axis',
        confine: true,
        backgroundColor: token('--raised'),
        borderColor: colors.line,
        textStyle: { color: token('--text'), fontSize: 13 },
      },
      legend: { top: 0, right: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: colors.text } },
      ...given,
      xAxis: withAxis(given.xAxis),
      yAxis: withAxis(given.yAxis),
    }
  }, [option, theme])
  const pick = useRef(onPick)
  useEffect(() => {
    pick.current = onPick
  })
  useEffect(() => {
    const el = box.current
    if (!el) return
    const chart = init(el, null, { renderer: 'svg' })
    chart.setOption(made as EChartsCoreOption)
    chart.on('click', (e) => pick.current?.({ seriesName: e.seriesName, name: e.name, dataIndex: e.dataIndex }))
    const resize = new ResizeObserver(() => chart.resize())
    resize.observe(el)
    return () => {
      resize.disconnect()
      chart.dispose()
    }
  }, [made])
  return <div ref={box} style={{ height, width: '100%' }} />
}
