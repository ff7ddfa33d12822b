import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'

/** Arguments: port, file. Whoever connects is sent the file when the bench says so. */

const [port, file] = process.argv.slice(2)
if (port === undefined || file === undefined) throw new Error('Tell the port and the file.')

/** As large as Node's buffers of a socket. */
const WRITE_BYTES = 64 * 1024

const body = readFileSync(file)
const viewers: ServerResponse[] = []

createServer({ noDelay: true }, (_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  response.flushHeaders()
  viewers.push(response)
}).listen(Number(port), '127.0.0.1', () => process.send?.('listening'))

process.on('message', () => {
  process.send?.(Number(process.hrtime.bigint()))
  for (const viewer of viewers) void sendAll(viewer)
})

async function sendAll(response: ServerResponse): Promise<void> {
  for (let at = 0; at < body.length; at += WRITE_BYTES) {
    if (!response.write(body.subarray(at, at + WRITE_BYTES))) await once(response, 'drain')
  }
  response.end()
}
