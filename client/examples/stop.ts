import { createTailgateClient, TailgateError } from '@tailgate/client'

const tailgate = createTailgateClient({ url: 'http://127.0.0.1:4000', transport: 'trpc' })
const run = await tailgate.runs.start({ file: '/projects/wage/main.do', timeoutMs: 3_600_000 })
const abort = new AbortController()
try {
  for await (const line of run.lines({ signal: abort.signal })) {
    console.log(line.text)
    if (line.number >= 2) abort.abort()
  }
} catch (error) {
  if (!(error instanceof TailgateError) || error.code !== 'aborted') throw error
  await run.cancel()
}
