import { Switch } from 'react-aria-components/Switch'
import { ModalDialog } from '../design/ModalDialog.tsx'
import { useStore } from '../gateway/store.ts'
import { shortcutGroups, shortcutsOn, turnShortcuts } from './shortcuts.ts'

/** The keys that work on this page, now. */
export function HelpSheet({ onClose }: { onClose: () => void }) {
  // The longest has a column of its own.
  const groups = [...useStore(shortcutGroups).values()]
    .filter(({ shortcuts }) => shortcuts.length > 0)
    .toSorted((one, other) => one.shortcuts.length - other.shortcuts.length)
  const on = useStore(shortcutsOn)
  return (
    <ModalDialog title="Keyboard shortcuts" width="wide" onClose={onClose}>
      <Switch
        isSelected={on}
        onChange={turnShortcuts}
        className="group mb-4 flex cursor-pointer items-center gap-2.5 rounded-md text-ink-soft"
      >
        <span className="flex h-5 w-9 items-center rounded-full bg-line-strong p-0.5 transition-colors group-data-selected:bg-accent">
          <span className="size-4 rounded-full bg-raised transition-transform group-data-selected:translate-x-4" />
        </span>
        Single-key shortcuts
      </Switch>
      <div className="gap-x-10 md:columns-2">
        {groups.map(({ title, shortcuts }) => (
          <section key={title} className="mb-5 break-inside-avoid">
            <h3 className="text-sm font-semibold">{title}</h3>
            <dl className={`mt-1 ${on ? '' : 'opacity-60'}`}>
              {shortcuts.map(({ key, what }) => (
                <div
                  key={key}
                  className="flex items-center justify-between gap-4 border-b border-line py-1 last:border-0"
                >
                  <dt>{what}</dt>
                  <dd>
                    <kbd className="rounded-sm border border-line bg-sunken px-1.5 py-0.5 text-xs">{key}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="mt-4 text-xs text-ink-faint">
        Tab and Shift+Tab reach everything; Enter or Space does it. Escape closes what is open.
      </p>
    </ModalDialog>
  )
}
