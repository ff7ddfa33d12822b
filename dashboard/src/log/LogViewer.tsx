import type { Run, TailgateClient } from '@tailgate/client'
import { useEffect, useState } from 'react'
import type { RunFeed } from '../stream/run-stream.ts'

export type LogViewerProps = { run: Run; client: TailgateClient; feed: RunFeed }

/** The last lines of the log. */
export function LogViewer({ run, client, feed }: LogViewerProps) {
  const [lines, setLines] = useState<readonly string[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: where the log begins to be shown is decided once
  useEffect(() => {
    const left = new AbortController()
    const from = Math.max(1, run.log.lines - 400)
    client.runs.lines({ runId: run.id, from }, { signal: left.signal }).then(
      (page) => setLines(page.lines.map((line) => line.text)),
      () => undefined,
    )
    const stop = feed.onEvent((event) => {
      if (event.type === 'lines') setLines((before) => [...before, ...event.text].slice(-400))
    })
    return () => {
      left.abort()
      stop()
    }
  }, [client, feed, run.id])
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      role="log"
      aria-label="Log lines"
      className="min-h-0 grow overflow-auto px-4 py-2 font-mono text-xs leading-5"
    >
      {lines.join('\n')}
    </pre>
  )
}
