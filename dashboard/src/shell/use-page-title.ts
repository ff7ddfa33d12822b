import type { RunState } from '@tailgate/client'
import { useEffect } from 'react'
import { STATE_TONE, type Tone } from '../runs/run-states.ts'

/** The tab tells the state of the page's run: in its title, and by the colour and shape of its icon. */

const BACKGROUND: Readonly<Record<Tone, string>> = {
  quiet: '#69655e',
  active: '#1f5a93',
  good: '#1d6b3a',
  bad: '#b3261e',
  warn: '#a06a00',
}

const SIGN: Readonly<Record<Tone, string>> = {
  quiet: '<circle cx="16" cy="16" r="7" fill="none" stroke="#fff" stroke-width="3" stroke-dasharray="5 4"/>',
  active: '<path d="M12 9l11 7-11 7z" fill="#fff"/>',
  good: '<path d="M8 17l5.5 5.5L24 11" fill="none" stroke="#fff" stroke-width="3.6"/>',
  bad: '<path d="M10 10l12 12M22 10L10 22" fill="none" stroke="#fff" stroke-width="3.6"/>',
  warn: '<path d="M16 8v11M16 23v.5" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round"/>',
}

const DEFAULT_ICON = '/favicon.svg'

export function usePageTitle(title: string, state: RunState | null = null): void {
  useEffect(() => {
    document.title = title === '' ? 'Tailgate' : `${title} · Tailgate`
  }, [title])
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')
    if (icon === null) return
    icon.href = state === null ? DEFAULT_ICON : stateIcon(STATE_TONE[state])
    return () => {
      icon.href = DEFAULT_ICON
    }
  }, [state])
}

function stateIcon(tone: Tone): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${BACKGROUND[tone]}"/>${SIGN[tone]}</svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
