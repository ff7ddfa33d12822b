import { useQuery } from '@tanstack/react-query'
import { Keyboard, LogOut, Monitor, Moon, Play, Sun } from 'lucide-react'
import { Link, useRoute } from 'wouter'
import { buttonClass, IconButton } from '../design/Button.tsx'
import { healthQuery, whoAmIQuery } from '../gateway/queries.ts'
import { signedIn, signOut } from '../gateway/session.ts'
import { useStore } from '../gateway/store.ts'
import { useMayRun } from '../runs/use-run-can.ts'
import { Mark } from './Mark.tsx'
import { complain } from './notices.ts'
import { chooseTheme, nextTheme, type ThemeChoice, themeChoice } from './theme.ts'

const THEME: Readonly<Record<ThemeChoice, { Icon: typeof Sun; label: string }>> = {
  system: { Icon: Monitor, label: 'Theme: as the system has it' },
  light: { Icon: Sun, label: 'Theme: light' },
  dark: { Icon: Moon, label: 'Theme: dark' },
}

export function TopBar({ onHelp }: { onHelp: () => void }) {
  const { data: health } = useQuery(healthQuery)
  const theme = useStore(themeChoice)
  const hasSession = useStore(signedIn)
  const { data: who } = useQuery(whoAmIQuery)
  const name = who?.name ?? null
  const mayRun = useMayRun()
  const [starting] = useRoute('/start')
  const { Icon, label } = THEME[theme]
  return (
    <header className="flex h-12 shrink-0 items-center gap-1 border-b border-line bg-raised px-3 sm:px-4">
      <Link href="/" className="flex items-center gap-2 rounded-md font-semibold tracking-tight">
        <Mark />
        Tailgate
      </Link>
      <nav aria-label="Pages" className="ml-3 flex items-center gap-1 sm:ml-5">
        <PageLink href="/">Runs</PageLink>
      </nav>
      <div className="grow" />
      {health === undefined ? null : (
        <p className="mr-2 hidden text-xs text-ink-faint tabular-nums md:block">
          {engineName(health.engine)} · {health.running} running
          {health.queued > 0 ? ` · ${health.queued} queued` : ''}
        </p>
      )}
      <IconButton label={label} shortcut="t" onPress={() => chooseTheme(nextTheme(theme))}>
        <Icon size={16} aria-hidden />
      </IconButton>
      <IconButton label="Keyboard shortcuts" shortcut="?" onPress={onHelp}>
        <Keyboard size={16} aria-hidden />
      </IconButton>
      {hasSession ? (
        <IconButton
          label={name === null ? 'Sign out' : `Sign out ${name}`}
          onPress={() => void signOut().catch(complain)}
        >
          <LogOut size={16} aria-hidden />
        </IconButton>
      ) : null}
      {mayRun ? (
        <Link
          href="/start"
          aria-current={starting ? 'page' : undefined}
          className={`ml-1 ${starting ? `${buttonClass('plain')} hover:bg-hover` : `${buttonClass('primary')} hover:bg-accent-hover`}`}
        >
          <Play size={14} aria-hidden />
          Start a run
        </Link>
      ) : null}
    </header>
  )
}

function PageLink({ href, children }: { href: string; children: string }) {
  const [here] = useRoute(href)
  return (
    <Link
      href={href}
      aria-current={here ? 'page' : undefined}
      className={`rounded-md px-2.5 py-1 text-sm font-medium hover:bg-hover ${here ? 'bg-hover text-ink' : 'text-ink-soft'}`}
    >
      {children}
    </Link>
  )
}

function engineName({ kind, version, edition }: { kind: string; version: string | null; edition: string | null }) {
  if (kind === 'standin') return 'Stand-in engine'
  return ['Stata', version, edition].filter((part) => part !== null).join(' ')
}
