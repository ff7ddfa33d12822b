import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `pnpm --filter @tailgate/dashboard dev` shows the dashboard of a gateway on its usual port, with hot reload. */
const GATEWAY = process.env.TAILGATE_URL ?? 'http://127.0.0.1:4000'
const GATEWAY_PATHS = ['/runs', '/files', '/engine', '/health', '/login', '/logout']

export default defineConfig({
  plugins: [react(), tailwindcss()],
  html: { cspNonce: '{csp-nonce}' },
  build: {
    target: 'baseline-widely-available',
    // The policy of the page allows files of our own, and no script that is written into it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: Object.fromEntries(GATEWAY_PATHS.map((path) => [path, { target: GATEWAY }])) },
})
