// biome-ignore-all lint/a11y/useSemanticElements: the rows of a <table> cannot be placed one by one
// biome-ignore-all lint/a11y/useFocusableInteractive: these are rows of a table, not of a grid
import { memo } from 'react'
import type { LogLine } from './log-line.ts'
import { markMatches } from './mark-matches.ts'
import { visibleText } from './visible-text.ts'

export type LogRowProps = {
  /** 1-based. */
  number: number
  /** Undefined while it is being asked for. */
  line: LogLine | undefined
  pointed: boolean
  /** What is searched for, to be marked. */
  pattern: RegExp | null
  /** The match that is found at the moment lies here. */
  found: boolean
  /** The log's last line, which is still being written. */
  unfinished: boolean
  /** Shows the whole of a line that is too long to be shown in its row. */
  onShowWhole: (number: number) => void
}

/** One line of the log. Whatever it holds is shown as text. */
export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { number, line, pointed, pattern, found, unfinished, onShowWhole } = props
  return (
    <div
      role="row"
      aria-rowindex={number}
      data-row={number - 1}
      data-kind={line === undefined || line.text === '. ' || line.text === '.' ? undefined : line.kind}
      data-pointed={pointed ? '' : undefined}
      data-found={found ? '' : undefined}
      data-unfinished={unfinished ? '' : undefined}
      aria-busy={line === undefined || undefined}
      className="log-row"
    >
      <div role="rowheader" className="log-number">
        <a href={`#L${number}`} tabIndex={-1} data-line={number}>
          {number}
        </a>
      </div>
      <div role="cell" dir="ltr" className="log-text">
        {line === undefined ? null : <Text text={visibleText(line.text)} pattern={pattern} />}
        {line?.chars === undefined ? null : (
          <button
            type="button"
            tabIndex={-1}
            className="ml-2 rounded-sm bg-hover px-1.5 font-sans text-xs text-ink-soft hover:text-ink"
            onClick={() => onShowWhole(number)}
          >
            … {(line.chars - line.text.length).toLocaleString('en-US')} more characters
          </button>
        )}
        {line?.cut === true ? <span className="ml-2 text-ink-faint">(goes on in the next line)</span> : null}
      </div>
    </div>
  )
})

function Text({ text, pattern }: { text: string; pattern: RegExp | null }) {
  if (pattern === null) return text
  return markMatches(text, pattern).map(({ start, text, isMatch }) =>
    isMatch ? <mark key={start}>{text}</mark> : text,
  )
}
