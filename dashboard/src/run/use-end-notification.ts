import { isEnded, type Run } from '@tailgate/client'
import { useEffect, useState } from 'react'
import { baseName } from '../format/path.ts'
import { outcomeText } from '../runs/outcome-text.ts'
import { STATE_LABEL } from '../runs/run-states.ts'
import { announce, complain } from '../shell/notices.ts'

/** A desktop notification at the run's end, for those who asked for it. */
export type EndNotification = {
  /** The browser can, and the run has not ended. */
  readonly possible: boolean
  readonly on: boolean
  toggle(): void
}

const STORAGE_KEY = 'tailgate-notify'

/** The wish is kept for this tab's life, so that a reload does not lose it. */
export function useEndNotification(run: Run): EndNotification {
  const [on, setOn] = useState(() => wished().has(run.id))
  const ended = isEnded(run.state)
  useEffect(() => {
    if (!ended || !on) return
    setOn(false)
    wish(run.id, false)
    notify(run)
  }, [ended, on, run])
  const toggle = () => {
    if (on) {
      setOn(false)
      wish(run.id, false)
      return
    }
    void Notification.requestPermission().then((answer) => {
      if (answer !== 'granted') {
        complain(
          new Error('This browser shows no notifications of this page: allow them in its settings, then try again.'),
        )
        return
      }
      setOn(true)
      wish(run.id, true)
      announce('You will be told when the run ends.')
    })
  }
  // Browsers offer notifications on HTTPS and on this machine only.
  return { possible: !ended && 'Notification' in window && window.isSecureContext, on, toggle }
}

function notify(run: Run): void {
  const body = [outcomeText(run)].filter((text) => text !== null).join('')
  const shown = new Notification(`${STATE_LABEL[run.state]}: ${baseName(run.file)}`, {
    body,
    tag: run.id,
    icon: '/favicon.svg',
  })
  shown.onclick = () => {
    window.focus()
    shown.close()
  }
}

function wished(): Set<string> {
  try {
    return new Set((sessionStorage.getItem(STORAGE_KEY) ?? '').split(' '))
  } catch {
    return new Set()
  }
}

function wish(runId: string, on: boolean): void {
  const ids = wished()
  if (on) ids.add(runId)
  else ids.delete(runId)
  try {
    sessionStorage.setItem(STORAGE_KEY, [...ids].join(' '))
  } catch {
    // Storage may be forbidden; the wish then lasts as long as the page.
  }
}
