import {
  artifactSchema,
  engineInfoSchema,
  errorBodySchema,
  fileListSchema,
  healthSchema,
  linesPageSchema,
  linesQuerySchema,
  listFilesSchema,
  listRunsQuerySchema,
  loginSchema,
  logQuerySchema,
  marksPageSchema,
  marksQuerySchema,
  ok,
  probeSchema,
  rateSchema,
  readFileSchema,
  runFileBodySchema,
  runFileQuerySchema,
  runPageSchema,
  runSchema,
  searchPageSchema,
  searchQuerySchema,
  sourceSchema,
  startRunSchema,
  streamQuerySchema,
  whoAmISchema,
} from '@tailgate/shared'
import * as z from 'zod'
import type { Endpoint } from '../endpoint.ts'

/** `GET /openapi.json`: every plain HTTP address of the gateway, described by the schemas that it parses with. */

/** What an address answers when it does not refuse: JSON of a schema, something of another type, or nothing. */
type Answer = { readonly status: number; readonly description: string; readonly content?: z.ZodType | string }

type Operation = {
  /** Method and path, such as `GET /runs/:id`. */
  readonly at: string
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  readonly answer: Answer
}

const json = (description: string, content: z.ZodType, status = 200): Answer => ({ status, description, content })
const stream: Answer = { status: 200, description: 'The events of the run', content: 'text/event-stream' }
const nothing = (description: string): Answer => ({ status: 204, description })

const OPERATIONS: readonly Operation[] = [
  { at: 'GET /run_file', query: runFileQuerySchema, answer: stream },
  { at: 'POST /run_file', body: runFileBodySchema, answer: stream },
  { at: 'GET /run_file/stream', query: runFileQuerySchema, answer: stream },
  { at: 'POST /run_file/stream', body: runFileBodySchema, answer: stream },
  { at: 'GET /runs', query: listRunsQuerySchema, answer: json('Runs, newest first', runPageSchema) },
  { at: 'POST /runs', body: startRunSchema, answer: json('The run that was started', runSchema, 201) },
  { at: 'GET /runs/:id', answer: json('The run', runSchema) },
  { at: 'DELETE /runs/:id', answer: nothing('The run and its log are forgotten') },
  { at: 'POST /runs/:id/cancel', answer: json('The run, which ends soon', runSchema, 202) },
  { at: 'GET /runs/:id/stream', query: streamQuerySchema, answer: stream },
  {
    at: 'GET /runs/:id/log',
    query: logQuerySchema,
    answer: { status: 200, description: 'The bytes of the log', content: 'text/plain' },
  },
  { at: 'GET /runs/:id/lines', query: linesQuerySchema, answer: json('Lines by number', linesPageSchema) },
  { at: 'GET /runs/:id/marks', query: marksQuerySchema, answer: json('Commands or errors', marksPageSchema) },
  { at: 'GET /runs/:id/search', query: searchQuerySchema, answer: json('Matching lines', searchPageSchema) },
  { at: 'GET /runs/:id/source', answer: json('The do-file as it was launched', sourceSchema) },
  { at: 'GET /runs/:id/rate', answer: json('How the log has grown', rateSchema) },
  {
    at: 'GET /runs/:id/artifacts',
    answer: json('Files that the log says were saved', z.object({ artifacts: z.array(artifactSchema) })),
  },
  {
    at: 'GET /runs/:id/artifacts/:n',
    answer: { status: 200, description: 'The file', content: 'application/octet-stream' },
  },
  { at: 'GET /files', query: listFilesSchema, answer: json('A directory, or the roots', fileListSchema) },
  { at: 'GET /files/content', query: readFileSchema, answer: json('The text of a do-file', sourceSchema) },
  { at: 'GET /engine', answer: json('The engine in use, and how it was found', engineInfoSchema) },
  { at: 'GET /health', answer: json('How the gateway is', healthSchema) },
  { at: 'GET /health/live', answer: json('The process answers', probeSchema) },
  { at: 'GET /health/ready', answer: json('New requests are welcome', probeSchema) },
  { at: 'POST /login', body: loginSchema, answer: json('Who has logged in, with a cookie', whoAmISchema) },
  { at: 'POST /logout', answer: nothing('The session is over') },
  { at: 'GET /whoami', answer: json('Who is calling', whoAmISchema) },
  { at: 'GET /metrics', answer: { status: 200, description: 'For Prometheus', content: 'text/plain' } },
  { at: 'GET /openapi.json', answer: json('This description', z.looseObject({ openapi: z.string() })) },
]

export function createOpenApiEndpoint({ version }: { readonly version: string }): Endpoint {
  const text = JSON.stringify(openApiDocument(version))
  return ({ response }) => {
    response.setHeader('Content-Type', 'application/json; charset=utf-8')
    response.end(text)
    return ok(undefined)
  }
}

function openApiDocument(version: string) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of OPERATIONS) {
    const [method = '', path = ''] = operation.at.split(' ')
    const template = path.replaceAll(/:(\w+)/g, '{$1}')
    paths[template] = { ...paths[template], [method.toLowerCase()]: described(operation, path) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Tailgate', version, description: 'Runs Stata do-files and streams their log live.' },
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    // Without a token, too: where the gateway trusts its own user, or with a session cookie.
    security: [{ token: [] }, {}],
    paths,
  }
}

function described({ query, body, answer }: Operation, path: string) {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true },
    schema: { type: 'string' },
  }))
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    ...{ name, in: 'query', required: !schema.safeParse(undefined).success },
    schema: jsonSchema(schema, 'input'),
  }))
  return {
    summary: answer.description,
    parameters: [...inPath, ...inQuery],
    ...(body && { requestBody: { required: true, content: contentOf(body, 'input') } }),
    responses: {
      [answer.status]: {
        description: answer.description,
        ...(answer.content && { content: contentOf(answer.content, 'output') }),
      },
      default: { description: 'Refused; nothing was started', content: contentOf(errorBodySchema, 'output') },
    },
  }
}

type Direction = 'input' | 'output'

function contentOf(content: z.ZodType | string, io: Direction) {
  if (typeof content === 'string') return { [content]: {} }
  return { 'application/json': { schema: jsonSchema(content, io) } }
}

function jsonSchema(schema: z.core.$ZodType, io: Direction) {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io })
  return rest
}
