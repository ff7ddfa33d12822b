import { useQuery } from '@tanstack/react-query'
import { FlaskConical, Unplug } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { connection } from '../gateway/connection.ts'
import { healthQuery } from '../gateway/queries.ts'
import { useStore } from '../gateway/store.ts'

/** What everybody should know on whatever page: no connection, no real Stata, something for the admin. */
export function Banners() {
  const unreachable = useStore(connection) === 'unreachable'
  const online = useSyncExternalStore(watchOnline, () => navigator.onLine)
  const { data: health } = useQuery(healthQuery)
  return (
    <section aria-label="Notices">
      <div role="status">
        {unreachable ? (
          <Banner tone="bad" icon={<Unplug size={15} aria-hidden />}>
            <strong>{online ? 'The gateway does not answer.' : 'This computer is offline.'}</strong> Trying again every
            few seconds. Runs are not affected; what you see is from before.
          </Banner>
        ) : null}
      </div>
      {health?.engine.kind === 'standin' ? (
        <Banner tone="warn" icon={<FlaskConical size={15} aria-hidden />}>
          <strong>This is not Stata.</strong> No Stata was found, so do-files run in the stand-in, which knows a small
          part of the language. It is for trying Tailgate out, not for results.
        </Banner>
      ) : null}
      {health?.problems.map((problem) => (
        <Banner key={problem} tone="warn" icon={<FlaskConical size={15} aria-hidden />}>
          {problem}
        </Banner>
      ))}
    </section>
  )
}

const TONE = {
  bad: 'border-bad-line bg-bad-soft text-bad',
  warn: 'border-warn-line bg-warn-soft text-warn',
}

function Banner({
  tone,
  icon,
  children,
}: {
  tone: keyof typeof TONE
  icon: React.ReactNode
  children: React.ReactNode
}) {
  return (
    <div className={`flex gap-2 border-b px-4 py-1.5 text-sm ${TONE[tone]}`}>
      <span className="mt-0.5">{icon}</span>
      <p className="text-ink">{children}</p>
    </div>
  )
}

function watchOnline(listener: () => void): () => void {
  window.addEventListener('online', listener)
  window.addEventListener('offline', listener)
  return () => {
    window.removeEventListener('online', listener)
    window.removeEventListener('offline', listener)
  }
}
