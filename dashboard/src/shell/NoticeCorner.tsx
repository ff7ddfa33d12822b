import { X } from 'lucide-react'
import { IconButton } from '../design/Button.tsx'
import { Note } from '../design/Note.tsx'
import { useStore } from '../gateway/store.ts'
import { announcement, notice } from './notices.ts'

/** The page's messages: one box in the corner, and the line that only screen readers hear. */
export function NoticeCorner() {
  const current = useStore(notice)
  return (
    <>
      <p role="status" className="sr-only">
        {useStore(announcement)}
      </p>
      {current === null ? null : (
        <div className="fixed right-4 bottom-4 left-4 z-40 ml-auto flex max-w-md gap-1 rounded-md bg-raised shadow-overlay">
          <div className="min-w-0 grow">
            <Note tone={current.tone} announce>
              <div className="flex items-start gap-2">
                <p className="min-w-0 grow">{current.text}</p>
                <IconButton label="Dismiss" onPress={() => notice.set(null)}>
                  <X size={14} aria-hidden />
                </IconButton>
              </div>
            </Note>
          </div>
        </div>
      )}
    </>
  )
}
