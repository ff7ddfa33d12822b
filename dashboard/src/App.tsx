import { lazy, Suspense, useEffect, useState } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { connection } from './gateway/connection.ts'
import { useStore } from './gateway/store.ts'
import { NotFoundPage } from './NotFoundPage.tsx'
import { RunPage } from './run/RunPage.tsx'
import { RunsPage } from './runs/RunsPage.tsx'
import { useMayRun } from './runs/use-run-can.ts'
import { Banners } from './shell/Banners.tsx'
import { HelpSheet } from './shell/HelpSheet.tsx'
import { LoginPage } from './shell/LoginPage.tsx'
import { NoticeCorner } from './shell/NoticeCorner.tsx'
import { listenForShortcuts, useShortcuts } from './shell/shortcuts.ts'
import { TopBar } from './shell/TopBar.tsx'
import { chooseTheme, nextTheme, themeChoice } from './shell/theme.ts'

const StartPage = lazy(() => import('./start/StartPage.tsx').then(({ StartPage }) => ({ default: StartPage })))

export function App() {
  const [, navigate] = useLocation()
  const [helpOpen, setHelpOpen] = useState(false)
  const signedOut = useStore(connection) === 'signed-out'
  const mayRun = useMayRun()
  useEffect(() => listenForShortcuts(document), [])
  useShortcuts('Everywhere', [
    { key: '?', what: 'Show these shortcuts', run: () => setHelpOpen(true) },
    { key: 'u', what: 'Show the runs', run: () => navigate('/') },
    ...(mayRun ? [{ key: 's', what: 'Start a run', run: () => navigate('/start') }] : []),
    { key: 't', what: 'Change the theme', run: () => chooseTheme(nextTheme(themeChoice.get())) },
  ])
  if (signedOut) return <LoginPage />
  return (
    <>
      <a
        href="#main"
        className="fixed top-1 left-1 z-50 -translate-y-16 rounded-md bg-accent px-3 py-1.5 text-accent-ink focus:translate-y-0"
      >
        Skip to the page
      </a>
      <div className="flex h-dvh flex-col">
        <TopBar onHelp={() => setHelpOpen(true)} />
        <Banners />
        <main id="main" tabIndex={-1} className="flex min-h-0 grow flex-col outline-none">
          <Suspense fallback={null}>
            <Switch>
              <Route path="/" component={RunsPage} />
              <Route path="/start" component={StartPage} />
              <Route path="/login">
                <LoginPage />
              </Route>
              <Route path="/run/:id">{({ id }) => <RunPage key={id} runId={id} />}</Route>
              <Route component={NotFoundPage} />
            </Switch>
          </Suspense>
        </main>
      </div>
      <NoticeCorner />
      {helpOpen ? <HelpSheet onClose={() => setHelpOpen(false)} /> : null}
    </>
  )
}
