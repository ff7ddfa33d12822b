import { TextCursorInput, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button, IconButton } from '../design/Button.tsx'
import { formatCount } from '../format/quantity.ts'
import { barClass } from './bar-class.ts'
import { type LineRange, parseGoTo } from './line-range.ts'
import type { LogModel } from './log-model.ts'

export type GoToBarProps = {
  model: LogModel
  onGo: (range: LineRange) => void
  onClose: () => void
}

/** Goes to a line, or to several: `120`, `120-140`. */
export function GoToBar({ model: { total }, onGo, onClose }: GoToBarProps) {
  const [text, setText] = useState('')
  const range = parseGoTo(text)
  const problem = text.trim() === '' || range !== null ? null : 'Not a line number'
  const tooFar = range !== null && range.first > total ? `The log has ${formatCount(total)} lines` : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (range === null || tooFar !== null) return
    onGo({ first: range.first, last: Math.min(range.last, total) })
    onClose()
  }
  return (
    <form onSubmit={submit} className={barClass}>
      <TextCursorInput size={14} aria-hidden className="shrink-0 text-ink-faint" />
      <input
        // biome-ignore lint/a11y/noAutofocus: the bar opens because somebody wants to type here
        autoFocus
        type="text"
        inputMode="numeric"
        aria-label="Go to line"
        aria-invalid={problem !== null || tooFar !== null}
        placeholder={`Line, 1 to ${formatCount(total)}, or lines such as 120-140`}
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose()
        }}
        className="h-7 min-w-0 grow bg-transparent px-1.5 text-sm tabular-nums outline-none placeholder:text-ink-faint"
      />
      <span role="status" className="shrink-0 px-1 text-xs text-bad">
        {problem ?? tooFar}
      </span>
      <Button type="submit" look="plain" isDisabled={range === null || tooFar !== null}>
        Go
      </Button>
      <IconButton label="Close" shortcut="Esc" onPress={onClose}>
        <X size={16} aria-hidden />
      </IconButton>
    </form>
  )
}
