import { createTailgateClient } from '@tailgate/client'

const tailgate = createTailgateClient({ url: 'http://127.0.0.1:4000', token: 'secret' })
const { runs } = await tailgate.runs.list({ state: ['running'], limit: 1 })

for (const { id } of runs) {
  for await (const event of tailgate.runs.follow(id).events()) {
    if (event.type === 'run') console.log(event.run.state, event.run.progress.estimate?.percent)
    if (event.type === 'lines') console.log(event.text.join('\n'))
    if (event.type === 'end') console.log(event.run.outcome)
  }
}
