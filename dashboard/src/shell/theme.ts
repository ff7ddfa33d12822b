import { createStore, useStore } from '../gateway/store.ts'

/** Light or dark: as the system has it, unless the user chose. The choice stays in this browser. */
export type ThemeChoice = 'system' | 'light' | 'dark'

const STORAGE_KEY = 'tailgate-theme'
const CHOICES: readonly ThemeChoice[] = ['system', 'light', 'dark']

export const themeChoice = createStore<ThemeChoice>(readChoice())

const shownTheme = createStore<'light' | 'dark'>('light')

/** The theme that the page has now; for what is drawn rather than styled. */
export const useTheme = () => useStore(shownTheme)

/** Keeps the page in the theme that is chosen, from now on. */
export function startTheme(): void {
  const systemDark = matchMedia('(prefers-color-scheme: dark)')
  const apply = () => {
    const choice = themeChoice.get()
    const dark = choice === 'dark' || (choice === 'system' && systemDark.matches)
    const theme = dark ? 'dark' : 'light'
    document.documentElement.dataset.theme = theme
    shownTheme.set(theme)
  }
  systemDark.addEventListener('change', apply)
  themeChoice.subscribe(apply)
  apply()
}

export function chooseTheme(choice: ThemeChoice): void {
  themeChoice.set(choice)
  try {
    localStorage.setItem(STORAGE_KEY, choice)
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

export function nextTheme(choice: ThemeChoice): ThemeChoice {
  return CHOICES[(CHOICES.indexOf(choice) + 1) % CHOICES.length] ?? 'system'
}

function readChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(STORAGE_KEY)
    return CHOICES.find((choice) => choice === stored) ?? 'system'
  } catch {
    return 'system'
  }
}
