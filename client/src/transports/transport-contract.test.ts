import { describeTransport } from '../testing/transport-contract.ts'

describeTransport('sse')
describeTransport('trpc')
