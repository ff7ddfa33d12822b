import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { type MouseEvent, memo, useEffect, useMemo, useRef } from 'react'
import { Button } from '../design/Button.tsx'
import { formatCount } from '../format/quantity.ts'
import { type Token, type TokenKind, tokenizeDoFile } from './do-file-tokens.ts'

export type SourceMark = {
  /** 1-based line. */
  readonly line: number
  /** `current`: it is being run; `failed`: it stopped the run; `last`: the run got as far as this. */
  readonly type: 'current' | 'failed' | 'last'
}

export type SourceViewProps = {
  text: string
  label: string
  /** Where the run is. */
  mark?: SourceMark | null
  /** The line whose output is being read. It, or else the mark, is kept in sight as it moves. */
  readLine?: number | null
  /** The lines of the log that its lines lead to. */
  logLines?: ReadonlyMap<number, number>
  /** A line was followed to the log. */
  onGo?: () => void
}

const ROW_PX = 20

const INK: Readonly<Record<TokenKind, string>> = {
  plain: '',
  command: 'text-accent font-medium',
  comment: 'text-ink-faint italic',
  string: 'text-good',
  macro: 'text-info',
}

type Look = { readonly row: string; readonly sign: string; readonly label: string }

const MARK: Readonly<Record<SourceMark['type'], Look>> = {
  current: { row: 'bg-info-soft', sign: '▶', label: 'Running' },
  failed: { row: 'bg-bad-soft', sign: '✕', label: 'Stopped here' },
  last: { row: 'bg-hover', sign: '■', label: 'Got as far as' },
}

const READ: Look = { row: 'bg-selected', sign: '◆', label: 'Shown in the log' }

const NO_LOG_LINES: ReadonlyMap<number, number> = new Map()

/** A do-file with line numbers, and the lines in it that its run and the reader of its log are at. */
export function SourceView(props: SourceViewProps) {
  const { text, label, mark = null, readLine = null, logLines = NO_LOG_LINES, onGo } = props
  const lines = useMemo(() => tokenizeDoFile(text), [text])
  const scroller = useRef<HTMLElement>(null)
  const markedIndex = mark === null ? null : mark.line - 1
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 20,
    // The marked line is always there to be found, wherever the reader is.
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range)
      if (markedIndex === null || markedIndex >= lines.length || indexes.includes(markedIndex)) return indexes
      return [...indexes, markedIndex].sort((one, other) => one - other)
    },
  })
  const shownLine = readLine ?? mark?.line ?? null
  useEffect(() => {
    if (shownLine !== null) rows.scrollToIndex(shownLine - 1, { align: 'center' })
  }, [shownLine, rows])
  const digits = String(lines.length).length
  const go = ({ target }: MouseEvent) => {
    if (!(target instanceof Element) || document.getSelection()?.isCollapsed === false) return
    if (target.closest('a') !== null) onGo?.()
    // The rest of the row does what its number does.
    else target.closest('li')?.querySelector('a')?.click()
  }
  return (
    <div className="relative flex min-h-0 grow flex-col">
      <section
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={label}
        className="min-h-0 grow overflow-auto bg-sunken -outline-offset-2"
      >
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: a larger target for the links in it, which keys have */}
        <ol className="relative min-w-max font-mono text-xs" style={{ height: rows.getTotalSize() }} onClick={go}>
          {rows.getVirtualItems().map(({ index, start }) => (
            <SourceRow
              key={index}
              line={index + 1}
              start={start}
              digits={digits}
              tokens={lines[index] ?? NO_TOKENS}
              mark={index === markedIndex ? (mark?.type ?? null) : null}
              isRead={index + 1 === readLine}
              logLine={logLines.get(index + 1) ?? null}
            />
          ))}
        </ol>
      </section>
      {mark === null || isInSight(rows.range, mark.line - 1) ? null : (
        <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <div className="pointer-events-auto rounded-md shadow-overlay">
            <Button onPress={() => rows.scrollToIndex(mark.line - 1, { align: 'center' })}>
              <span aria-hidden>{MARK[mark.type].sign}</span>
              {MARK[mark.type].label}: line {formatCount(mark.line)}
            </Button>
          </div>
        </div>
      )}
    </div>
  )
}

const NO_TOKENS: readonly Token[] = []

/** True as well while nothing is known yet. */
function isInSight(range: { startIndex: number; endIndex: number } | null, index: number): boolean {
  return range === null || (index >= range.startIndex && index <= range.endIndex)
}

type SourceRowProps = {
  line: number
  start: number
  digits: number
  tokens: readonly Token[]
  mark: SourceMark['type'] | null
  isRead: boolean
  logLine: number | null
}

const SourceRow = memo(function SourceRow({ line, start, digits, tokens, mark, isRead, logLine }: SourceRowProps) {
  const look = mark !== null ? MARK[mark] : isRead ? READ : null
  const numberClass = 'mr-4 text-right text-ink-faint select-none'
  return (
    <li
      aria-current={mark !== null ? 'step' : isRead ? 'location' : undefined}
      className={`absolute top-0 left-0 flex min-w-full pr-4 leading-5 whitespace-pre ${look?.row ?? ''} ${logLine === null ? '' : 'cursor-pointer hover:bg-hover'}`}
      style={{ height: ROW_PX, transform: `translateY(${start}px)` }}
    >
      <span aria-hidden className="w-6 shrink-0 text-center text-xs leading-5">
        {look?.sign}
      </span>
      {logLine === null ? (
        <span aria-hidden className={numberClass} style={{ width: `${digits}ch` }}>
          {line}
        </span>
      ) : (
        <a
          href={`#L${logLine}`}
          aria-label={`Line ${line}: go to its output`}
          className={`${numberClass} -outline-offset-2 hover:text-ink hover:underline`}
          style={{ width: `${digits}ch` }}
        >
          {line}
        </a>
      )}
      <code className="font-mono">
        {look === null ? null : <span className="sr-only">{look.label}: </span>}
        <SourceLine tokens={tokens} />
      </code>
    </li>
  )
})

function SourceLine({ tokens }: { tokens: readonly Token[] }) {
  let at = 0
  return tokens.map(({ kind, text }) => {
    const key = at
    at += text.length
    return kind === 'plain' ? (
      text
    ) : (
      <span key={key} className={INK[kind]}>
        {text}
      </span>
    )
  })
}
