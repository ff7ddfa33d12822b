import { describeCalls } from '../testing/calls-contract.ts'
import { describeStreams } from '../testing/streams-contract.ts'

for (const transport of ['sse', 'trpc'] as const) {
  describeCalls(transport)
  describeStreams(transport)
}
