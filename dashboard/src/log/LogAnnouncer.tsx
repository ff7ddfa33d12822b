import { useEffect, useRef, useState } from 'react'
import { ANNOUNCE_EVERY_MS, announcement } from './log-announcement.ts'
import type { Log } from './use-log.ts'
import { visibleText } from './visible-text.ts'

/**
 * Tells screen readers of new lines while the log is followed, calmly. The lines on the screen are no live region:
 * they change whenever somebody scrolls.
 */
export function LogAnnouncer({ log: { model, view } }: { log: Log }) {
  const [text, setText] = useState('')
  const told = useRef<number | null>(null)
  useEffect(() => {
    const timer = setInterval(() => {
      const { total } = model
      const before = told.current ?? total
      told.current = total
      if (total <= before || !view.state.get().viewport.follows) return
      const numbers = Array.from({ length: Math.min(3, total - before) }, (_, i) => total - i).reverse()
      const texts = numbers.map((number) => visibleText(model.line(number)?.text ?? ''))
      setText(announcement(total - before, texts))
    }, ANNOUNCE_EVERY_MS)
    return () => clearInterval(timer)
  }, [model, view])
  return (
    <div role="log" aria-label="New lines" className="sr-only">
      {text}
    </div>
  )
}
