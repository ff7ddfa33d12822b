import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '../design/Button.tsx'
import { Note } from '../design/Note.tsx'
import { linkProblem, signIn } from '../gateway/session.ts'
import { useStore } from '../gateway/store.ts'
import { Mark } from './Mark.tsx'
import { usePageTitle } from './use-page-title.ts'

/** Stands in place of every page while the gateway wants a token; the page that was asked for comes back after it. */
export function LoginPage() {
  usePageTitle('Sign in')
  const [token, setToken] = useState('')
  const login = useMutation({
    mutationFn: () => signIn({ token: token.trim() }),
  })
  const link = useStore(linkProblem)
  const problem = login.error?.message ?? link
  const submit = (event: FormEvent) => {
    event.preventDefault()
    login.mutate()
  }
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <form onSubmit={submit} className="w-full max-w-sm rounded-lg border border-line bg-raised p-6 shadow-overlay">
        <div className="flex items-center gap-2 font-semibold">
          <Mark />
          Tailgate
        </div>
        <h1 className="mt-4 text-lg font-semibold">Sign in</h1>
        <p className="mt-1 text-ink-soft">
          This gateway asks who you are. Enter the token that you were given; whoever runs the gateway makes one with{' '}
          <code className="font-mono text-xs">tailgate token add</code>.
        </p>
        <label htmlFor="token" className="mt-4 block text-sm font-medium">
          Token
        </label>
        <input
          id="token"
          type="password"
          autoComplete="current-password"
          required
          value={token}
          onChange={(event) => setToken(event.target.value)}
          className="mt-1 h-9 w-full rounded-md border border-line-strong bg-surface px-2.5 font-mono"
        />
        {problem === null ? null : (
          <div className="mt-3">
            <Note tone="bad" announce>
              {problem}
            </Note>
          </div>
        )}
        <div className="mt-4">
          <Button type="submit" look="primary" isDisabled={login.isPending}>
            Sign in
          </Button>
        </div>
      </form>
    </main>
  )
}
