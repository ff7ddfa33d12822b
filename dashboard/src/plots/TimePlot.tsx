import 'uplot/dist/uPlot.min.css'
import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import { formatClock } from '../format/duration.ts'
import { useTheme } from '../shell/theme.ts'
import type { Series } from './line-rates.ts'

export type TimePlotProps = {
  title: string
  /** What the plot shows, in words. */
  description: string
  series: Series
  formatValue: (value: number) => string
}

const HEIGHT_PX = 180

/** One value over the time of a run. */
export function TimePlot({ title, description, series, formatValue }: TimePlotProps) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot | null>(null)
  const theme = useTheme()
  const format = useRef(formatValue)
  format.current = formatValue

  // biome-ignore lint/correctness/useExhaustiveDependencies: a plot takes its colours when it is made
  useEffect(() => {
    const { current: element } = place
    if (element === null) return
    const made = new UPlot(
      options(element, (value) => format.current(value)),
      [[], []],
      element,
    )
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT_PX }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [theme])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a plot that was made anew has no data yet
  useEffect(() => {
    plot.current?.setData([[...series.seconds], [...series.values]])
  }, [series, theme])

  return (
    <figure className="mt-1">
      <figcaption className="text-sm font-semibold">{title}</figcaption>
      <p className="text-xs text-ink-faint">{description}</p>
      <div ref={place} aria-hidden className="mt-2 overflow-hidden" style={{ height: HEIGHT_PX }} />
    </figure>
  )
}

function options(element: HTMLElement, formatValue: (value: number) => string): UPlot.Options {
  const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
  const axis = {
    stroke: colour('--ink-faint'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: '11px Inter, system-ui, sans-serif',
  }
  return {
    width: element.clientWidth,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false } },
    padding: [8, 20, 0, 0],
    scales: {
      x: { time: false, range: (_plot, _min, max) => [0, max] },
      y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] },
    },
    axes: [
      {
        ...axis,
        values: (_plot, splits) => splits.map((seconds) => formatClock(seconds * 1_000)),
        space: 70,
        size: 26,
      },
      { ...axis, values: (_plot, splits) => splits.map(formatValue), size: 56 },
    ],
    series: [{}, { stroke: colour('--accent'), width: 1.5, fill: colour('--accent-soft'), points: { show: false } }],
  }
}
