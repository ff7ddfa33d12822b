import type { TailgateClient } from '@tailgate/client'
import { useEffect, useState } from 'react'
import { Button } from '../design/Button.tsx'
import { ModalDialog } from '../design/ModalDialog.tsx'
import { formatCount } from '../format/quantity.ts'
import { copyAndTell } from './copy-text.ts'
import { readLines } from './read-lines.ts'
import { visibleText } from './visible-text.ts'

export type WholeLineDialogProps = {
  number: number
  runId: string
  runs: Pick<TailgateClient['runs'], 'lines'>
  onClose: () => void
}

/** Characters in one piece of the text: browsers skip the pieces that cannot be seen. */
const PIECE_CHARS = 8_000

/** A line that is too long for its row, whole and wrapped. */
export function WholeLineDialog({ number, runId, runs, onClose }: WholeLineDialogProps) {
  const [text, setText] = useState<string | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  useEffect(() => {
    readLines(runs, runId, { first: number, last: number }).then(setText, (error: unknown) => setFailure(String(error)))
  }, [runs, runId, number])
  return (
    <ModalDialog title={`Line ${formatCount(number)}`} width="wide" onClose={onClose}>
      {failure === null ? null : <p className="text-bad">The line could not be loaded: {failure}</p>}
      {text === null ? null : (
        <>
          <p className="mb-2 flex items-center gap-3 text-sm text-ink-faint">
            {formatCount(text.length)} characters
            <Button onPress={() => copyAndTell(text, 'The line')}>Copy</Button>
          </p>
          <div dir="ltr" className="font-mono text-xs leading-5 break-all whitespace-pre-wrap">
            {pieces(text).map(({ at, piece }) => (
              <span key={at} className="block [contain-intrinsic-height:auto_60rem] [content-visibility:auto]">
                {visibleText(piece)}
              </span>
            ))}
          </div>
        </>
      )}
    </ModalDialog>
  )
}

function pieces(text: string): { at: number; piece: string }[] {
  const count = Math.ceil(text.length / PIECE_CHARS)
  return Array.from({ length: count }, (_, i) => ({
    at: i,
    piece: text.slice(i * PIECE_CHARS, (i + 1) * PIECE_CHARS),
  }))
}
