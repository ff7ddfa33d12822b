import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import { type Token, type TokenKind, tokenizeDoFile } from './do-file-tokens.ts'

export type SourceMark = {
  /** 1-based line. */
  readonly line: number
  /** `current`: it is being run; `failed`: it stopped the run; `last`: the run got as far as this. */
  readonly type: 'current' | 'failed' | 'last'
}

export type SourceViewProps = { text: string; mark?: SourceMark | null; label: string }

const ROW_PX = 20

const INK: Readonly<Record<TokenKind, string>> = {
  plain: '',
  command: 'text-accent font-medium',
  comment: 'text-ink-faint italic',
  string: 'text-good',
  macro: 'text-info',
}

const MARK: Readonly<Record<SourceMark['type'], { row: string; sign: string; label: string }>> = {
  current: { row: 'bg-info-soft', sign: '▶', label: 'Running: ' },
  failed: { row: 'bg-bad-soft', sign: '✕', label: 'Stopped here: ' },
  last: { row: 'bg-hover', sign: '■', label: 'Got as far as: ' },
}

/** A do-file with line numbers; the marked line is kept in sight as it moves. */
export function SourceView({ text, mark = null, label }: SourceViewProps) {
  const lines = useMemo(() => tokenizeDoFile(text), [text])
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 20,
  })
  const markedLine = mark?.line ?? null
  useEffect(() => {
    if (markedLine !== null) rows.scrollToIndex(markedLine - 1, { align: 'center' })
  }, [markedLine, rows])
  const digits = String(lines.length).length
  return (
    <section
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
      className="min-h-0 grow overflow-auto bg-sunken -outline-offset-2"
    >
      <ol className="relative min-w-max font-mono text-xs" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const look = mark !== null && mark.line === index + 1 ? MARK[mark.type] : null
          return (
            <li
              key={index}
              aria-current={look === null ? undefined : 'step'}
              className={`absolute top-0 left-0 flex min-w-full pr-4 leading-5 whitespace-pre ${look?.row ?? ''}`}
              style={{ height: ROW_PX, transform: `translateY(${start}px)` }}
            >
              <span aria-hidden className="w-6 shrink-0 text-center text-2xs leading-5">
                {look?.sign}
              </span>
              <span aria-hidden className="mr-4 text-right text-ink-faint select-none" style={{ width: `${digits}ch` }}>
                {index + 1}
              </span>
              <code className="font-mono">
                {look === null ? null : <span className="sr-only">{look.label}</span>}
                <SourceLine tokens={lines[index] ?? []} />
              </code>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

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
