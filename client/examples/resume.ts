import { createTailgateClient } from '@tailgate/client'

const tailgate = createTailgateClient({ url: 'http://127.0.0.1:4000' })
const run = await tailgate.runs.start({ file: '/projects/wage/main.do', runKey: 'wage-2026-01' })

const events = run.events()
for await (const event of events) {
  if (event.type === 'lines') break
}
const later = tailgate.runs.follow(run.id, { cursor: events.cursor })
for await (const line of later.lines()) console.log(line.text)
