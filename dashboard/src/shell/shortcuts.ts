import { useEffect, useRef } from 'react'
import { createStore } from '../gateway/store.ts'

/**
 * Single-key shortcuts. A component lists its own for as long as it is there; the help sheet shows what there is at the
 * moment. They can be turned off, since they get in the way of those who steer by voice (WCAG 2.1.4).
 */

export type Shortcut = {
  /** `KeyboardEvent.key`, such as `j`, `N`, `?`, `Delete`. */
  readonly key: string
  /** What it does, as an order: `Show the runs`. */
  readonly what: string
  readonly run: () => void
}

export type ShortcutGroup = { readonly title: string; readonly shortcuts: readonly Shortcut[] }

const STORAGE_KEY = 'tailgate-single-keys'

export const shortcutsOn = createStore<boolean>(readSetting())

/** The groups of the components that are there, in the order in which they came. */
export const shortcutGroups = createStore<ReadonlyMap<object, ShortcutGroup>>(new Map())

export function turnShortcuts(on: boolean): void {
  shortcutsOn.set(on)
  try {
    localStorage.setItem(STORAGE_KEY, on ? 'on' : 'off')
  } catch {
    // Storage may be forbidden; the setting then lasts as long as the page.
  }
}

/** Offers shortcuts for as long as the component is there. The newest component to offer a key has it. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  const owner = useRef({})
  useEffect(() => {
    const { current } = owner
    shortcutGroups.set(new Map(shortcutGroups.get()).set(current, { title, shortcuts }))
  })
  useEffect(() => {
    const { current } = owner
    return () => {
      const groups = new Map(shortcutGroups.get())
      groups.delete(current)
      shortcutGroups.set(groups)
    }
  }, [])
}

/** Listens for the keys; to be called once. Returns the way to stop that. */
export function listenForShortcuts(target: Document): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (!shortcutsOn.get() || !isForShortcuts(event)) return
    const groups = [...shortcutGroups.get().values()].reverse()
    const shortcut = groups.flatMap((group) => group.shortcuts).find(({ key }) => key === event.key)
    if (shortcut === undefined) return
    event.preventDefault()
    shortcut.run()
  }
  target.addEventListener('keydown', onKey)
  return () => target.removeEventListener('keydown', onKey)
}

/** Where keys have a meaning of their own. */
const OWN_KEYS =
  'input, textarea, select, [contenteditable=true], [role=dialog], [role=alertdialog], [role=menu], [role=listbox], [role=grid], [role=tree]'

function isForShortcuts({ defaultPrevented, ctrlKey, metaKey, altKey, isComposing, target }: KeyboardEvent): boolean {
  if (defaultPrevented || ctrlKey || metaKey || altKey || isComposing) return false
  return !(target instanceof Element && target.closest(OWN_KEYS) !== null)
}

function readSetting(): boolean {
  try {
    return localStorage.getItem(STORAGE_KEY) !== 'off'
  } catch {
    return true
  }
}
