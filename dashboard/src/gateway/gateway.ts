import { createTailgateClient } from '@tailgate/client'

/** The gateway that served this page. The browser sends its session cookie by itself. */
export const gateway = createTailgateClient({ url: location.origin })
