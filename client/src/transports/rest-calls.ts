import {
  engineInfoSchema,
  fileListSchema,
  healthSchema,
  linesPageSchema,
  marksPageSchema,
  rateSchema,
  runPageSchema,
  runSchema,
  searchPageSchema,
  sourceSchema,
  whoAmISchema,
} from '@tailgate/shared'
import { connectionFailure, parseAnswer, parseJson, refusalFailure, type Schema, throwIfAborted } from './failure.ts'
import type { GatewayAccess } from './gateway-access.ts'
import type { CallOptions, Transport } from './transport.ts'

/** A run's artifacts come as the field of that name. */
export const artifactsSchema = runSchema.pick({ artifacts: true })

/** The one-shot calls over the gateway's REST paths. */
export function createRestCalls(access: GatewayAccess): Omit<Transport, 'connect'> {
  async function request(method: string, path: string, options: CallOptions, body?: unknown): Promise<string> {
    const { signal } = options
    throwIfAborted(signal)
    try {
      const response = await access.fetch(`${access.base}${path}`, {
        method,
        headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      })
      if (!response.ok) throw await refusalFailure(response)
      return await response.text()
    } catch (cause) {
      throw connectionFailure(cause, access.base, signal)
    }
  }
  async function call<T>(schema: Schema<T>, ...call: Parameters<typeof request>): Promise<T> {
    return parseAnswer(schema, parseJson(await request(...call)), `The answer to ${call[0]} ${call[1]}`)
  }

  return {
    start: (body, options) => call(runSchema, 'POST', '/runs', options, body),
    get: (runId, options) => call(runSchema, 'GET', runPath(runId), options),
    list: (page, options) => call(runPageSchema, 'GET', `/runs${query(page)}`, options),
    cancel: (runId, options) => call(runSchema, 'POST', `${runPath(runId)}/cancel`, options),
    remove: async (runId, options) => {
      await request('DELETE', runPath(runId), options)
    },
    lines: ({ runId, ...page }, options) =>
      call(linesPageSchema, 'GET', `${runPath(runId)}/lines${query(page)}`, options),
    marks: ({ runId, ...page }, options) =>
      call(marksPageSchema, 'GET', `${runPath(runId)}/marks${query(page)}`, options),
    search: ({ runId, ...page }, options) =>
      call(searchPageSchema, 'GET', `${runPath(runId)}/search${query(page)}`, options),
    artifacts: async (runId, options) =>
      (await call(artifactsSchema, 'GET', `${runPath(runId)}/artifacts`, options)).artifacts,
    source: (runId, options) => call(sourceSchema, 'GET', `${runPath(runId)}/source`, options),
    rate: (runId, options) => call(rateSchema, 'GET', `${runPath(runId)}/rate`, options),
    listFiles: (request, options) => call(fileListSchema, 'GET', `/files${query(request)}`, options),
    readFile: (request, options) => call(sourceSchema, 'GET', `/files/content${query(request)}`, options),
    logout: async (options) => {
      await request('POST', '/logout', options)
    },
    whoAmI: (options) => call(whoAmISchema, 'GET', '/whoami', options),
    login: (credential, options) => call(whoAmISchema, 'POST', '/login', options, credential),
    engineInfo: (options) => call(engineInfoSchema, 'GET', '/engine', options),
    health: (options) => call(healthSchema, 'GET', '/health', options),
  }
}

/** The path of a run. */
export function runPath(runId: string): string {
  return `/runs/${encodeURIComponent(runId)}`
}

/** A query string with its question mark; absent parameters are left out and lists are separated by commas. */
export function query(
  parameters: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>,
): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) search.set(name, Array.isArray(value) ? value.join(',') : String(value))
  }
  return search.size === 0 ? '' : `?${search}`
}
