import { listFilesSchema, ok, readFileSchema } from '@tailgate/shared'
import type { Endpoint } from '../endpoint.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { parseQuery } from '../invalid-request.ts'

/** Looking around under the allowed roots. */
export type BrowseEndpoints = Readonly<Record<'list' | 'read', Endpoint>>

export function createBrowseEndpoints({ files }: Pick<HttpDependencies, 'files'>): BrowseEndpoints {
  return {
    list: async ({ request, response }) => {
      const query = parseQuery(listFilesSchema, request.query)
      if (!query.ok) return query
      const list = await files.list(query.value.path)
      if (!list.ok) return list
      response.json(list.value)
      return ok(undefined)
    },

    read: async ({ request, response }) => {
      const query = parseQuery(readFileSchema, request.query)
      if (!query.ok) return query
      const source = await files.read(query.value.path)
      if (!source.ok) return source
      response.json(source.value)
      return ok(undefined)
    },
  }
}
