import { createTailgateClient } from '@tailgate/client'

const tailgate = createTailgateClient({ url: 'http://127.0.0.1:4000' })

const run = await tailgate.runs.start({ file: '/projects/wage/main.do' })
for await (const line of run.lines()) {
  console.log(line.number, line.text)
}
const { state, outcome } = await run.result()
console.log(state, outcome.rc, outcome.message)
