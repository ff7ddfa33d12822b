/** Curves on two logarithmic scales, as SVG. On such scales what grows linearly is a straight line at 45 degrees. */

export type Curve = { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] }

export type Plot = {
  /** Of the file, without its ending. */
  readonly name: string
  readonly title: string
  readonly x: string
  readonly y: string
  readonly curves: readonly Curve[]
}

const WIDTH = 640
const HEIGHT = 420
const LEFT = 76
const RIGHT = 88
const TOP = 48
const BOTTOM = 56
const LINE_HEIGHT = 15

const COLOURS = ['#0b6bcb', '#c2410c', '#15803d', '#7e22ce']
const INK = '#57606a'
const FAINT = '#d0d7de'

export function plotSvg({ title, x, y, curves }: Plot): string {
  const points = curves.flatMap((curve) => curve.points)
  const xScale = logScale(
    points.map(([value]) => value),
    LEFT,
    WIDTH - RIGHT,
  )
  const yScale = logScale(
    points.map(([, value]) => value),
    HEIGHT - BOTTOM,
    TOP,
  )
  const grid = [
    ...xScale.ticks.map((tick) => {
      const at = xScale.place(tick)
      return `${line(at, TOP, at, HEIGHT - BOTTOM, FAINT)}${text(at, HEIGHT - BOTTOM + 20, label(tick), 'middle')}`
    }),
    ...yScale.ticks.map((tick) => {
      const at = yScale.place(tick)
      return `${line(LEFT, at, WIDTH - RIGHT, at, FAINT)}${text(LEFT - 8, at + 4, label(tick), 'end')}`
    }),
  ]
  const nameYs = placeNames(curves.map(({ points }) => yScale.place(points.at(-1)?.[1] ?? 1)))
  const drawn = curves.map((curve, i) => {
    const colour = COLOURS[i % COLOURS.length] ?? INK
    const places = curve.points.map(([px, py]) => [xScale.place(px), yScale.place(py)] as const)
    const path = places.map(([px, py]) => `${round(px)},${round(py)}`).join(' ')
    const dots = places.map(([px, py]) => `<circle cx="${round(px)}" cy="${round(py)}" r="3" fill="${colour}"/>`)
    const [endX = 0, endY = 0] = places.at(-1) ?? []
    const nameY = nameYs.get(endY) ?? endY
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}${text(endX + 8, nameY, curve.name, 'start', colour)}`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(LEFT, 26, title, 'start', '#1f2328'),
    ...grid,
    proportional(curves, xScale, yScale),
    ...drawn,
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, x, 'middle'),
    `<g transform="translate(18 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)">${text(0, 0, y, 'middle')}</g>`,
    '</svg>\n',
  ].join('\n')
}

/** Beside the ends of their curves, and below each other where these end together. */
function placeNames(ends: readonly number[]): ReadonlyMap<number, number> {
  const placed = new Map<number, number>()
  let last = 0
  for (const end of ends.toSorted((a, b) => a - b)) {
    last = Math.max(end + 4, last + LINE_HEIGHT)
    placed.set(end, last)
  }
  return placed
}

/** Dashed: what exactly proportional cost would look like, through each curve's last point. */
function proportional(curves: readonly Curve[], xScale: Scale, yScale: Scale): string {
  const lines = curves.map(({ points }) => {
    const [lastX, lastY] = points.at(-1) ?? [1, 1]
    const firstX = Math.max(xScale.least, (lastX * yScale.least) / lastY)
    const from = [xScale.place(firstX), yScale.place((lastY * firstX) / lastX)] as const
    const to = [xScale.place(lastX), yScale.place(lastY)] as const
    const ends = `x1="${round(from[0])}" y1="${round(from[1])}" x2="${round(to[0])}" y2="${round(to[1])}"`
    return `<line ${ends} stroke="${INK}" stroke-dasharray="2 5"/>`
  })
  return lines.join('')
}

type Scale = {
  readonly least: number
  /** Powers of ten. */
  readonly ticks: readonly number[]
  place(value: number): number
}

function logScale(values: readonly number[], from: number, to: number): Scale {
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))))
  return {
    least: 10 ** low,
    ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
    place: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
  }
}

function label(value: number): string {
  return value >= 1 ? value.toLocaleString('en-US') : String(Number(value.toPrecision(1)))
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}"/>`
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end', colour = INK): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${colour}">${escaped}</text>`
}

function round(value: number): string {
  return value.toFixed(1)
}
