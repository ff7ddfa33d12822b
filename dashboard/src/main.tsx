import './design/design.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { queryClient } from './gateway/query-client.ts'
import { signInByLink } from './gateway/session.ts'
import { startTheme } from './shell/theme.ts'

startTheme()
await signInByLink()

const root = document.getElementById('root')
if (root === null) throw new Error('Internal error: the page has no root')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
)
