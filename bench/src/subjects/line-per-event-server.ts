import { EventEmitter, on } from 'node:events'
import { initTRPC } from '@trpc/server'
import { createHTTPServer } from '@trpc/server/adapters/standalone'
import { Tail } from 'tail'

/** Arguments: port, log. One `tail` for all viewers, which is kinder to it than one for each. */

const [port, path] = process.argv.slice(2)
if (port === undefined || path === undefined) throw new Error('Tell the port and the log.')

const log = new EventEmitter().setMaxListeners(0)
new Tail(path).on('line', (line) => log.emit('line', line))

const { router, procedure } = initTRPC.create()
const appRouter = router({
  lines: procedure.subscription(async function* ({ signal }) {
    for await (const [line] of on(log, 'line', signal === undefined ? {} : { signal })) yield String(line)
  }),
})
createHTTPServer({ router: appRouter }).listen(Number(port), '127.0.0.1')
