// What other packages may know of the gateway: the type of its tRPC router. Nothing here exists at run time.

export type { AppRouter } from './transports/trpc/app-router.ts'
