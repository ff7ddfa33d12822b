import { extname } from 'node:path'
import { err, logQuerySchema, ok, TailgateError } from '@tailgate/shared'
import { unknownRun } from '../../runs/unknown-run.ts'
import { type Endpoint, runIdOf } from '../endpoint.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { parseQuery } from '../invalid-request.ts'
import { sendFile } from './send-file.ts'

/** Raw bytes: a run's log, and the files it says it saved. */
export type FileEndpoints = Readonly<Record<'log' | 'artifact', Endpoint>>

/** What a browser may show in place; everything else is a download. */
const SHOWN_IN_PLACE: ReadonlySet<string> = new Set(['.png', '.jpg', '.jpeg', '.gif', '.webp', '.svg'])

export function createFileEndpoints({ runs }: Pick<HttpDependencies, 'runs'>): FileEndpoints {
  return {
    log: async ({ request, response, signal }) => {
      const query = parseQuery(logQuerySchema, request.query)
      if (!query.ok) return query
      const runId = runIdOf(request)
      const { tail } = query.value
      const start = tail === undefined ? ok(0) : await runs.tailOffset(runId, tail, signal)
      if (!start.ok) return start
      const log = runs.log(runId)
      if (log === undefined) return err(unknownRun(runId))

      // As far as the log has been read: behind that it may be half a character, or gone in a moment.
      const range = { start: Math.min(start.value, log.bytes), end: log.bytes }
      response.setHeader('Content-Type', 'text/plain; charset=utf-8')
      response.setHeader('Cache-Control', log.ended ? 'private, no-cache' : 'no-store')
      if (log.ended) response.setHeader('ETag', `"${runId}-${log.generation}-${range.start}-${range.end}"`)
      return sendFile({ request, response }, { path: log.path, ...range, lastModified: false })
    },

    artifact: async ({ request, response }) => {
      const { n } = request.params
      if (typeof n !== 'string' || !/^\d{1,9}$/.test(n)) {
        const message = 'An artifact has a number, 0 or more; GET /runs/:id/artifacts lists them.'
        return err(new TailgateError('bad-request', message))
      }
      const opened = await runs.openArtifact(runIdOf(request), Number(n))
      if (!opened.ok) return opened
      await using artifact = opened.value
      const { path, name, bytes } = artifact
      response.type(extname(name) || 'application/octet-stream')
      if (!SHOWN_IN_PLACE.has(extname(name).toLowerCase())) response.attachment(name)
      // A do-file can save anything: no script in it may run with the gateway's origin.
      response.setHeader(
        'Content-Security-Policy',
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
      )
      response.setHeader('Cache-Control', 'private, no-cache')
      // Awaited here: the file is closed when this returns.
      return await sendFile({ request, response }, { path, start: 0, end: bytes, lastModified: true })
    },
  }
}
