import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Result } from '@tailgate/shared'
import * as z from 'zod'
import type { Configuration } from './config.ts'
import { type FoundEngine, findEngine } from './stata/engine/find-engine.ts'
import { inspectPath, listDirectory } from './stata/engine/node-engine-files.ts'
import { platformOf } from './stata/engine/platform.ts'

const manifestSchema = z.object({ version: z.string() })

/** The search for an engine, wired to this machine. */
export function locateEngine({ settings, origins }: Configuration): Promise<Result<FoundEngine, string>> {
  return findEngine({
    setting: settings.stata,
    settingSource: origins.stata.name,
    env: process.env,
    platform: platformOf(process.platform),
    inspect: inspectPath,
    list: listDirectory,
    standin: standin(),
  })
}

/** The stand-in is a package of its own; this process's Node runs it. */
function standin(): { command: readonly [string, ...string[]]; path: string; version: string } {
  const entry = import.meta.resolve('@tailgate/standin')
  const path = fileURLToPath(new URL('./main.ts', entry))
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', entry), 'utf8'))
  const { version } = manifestSchema.parse(manifest)
  return { command: [process.execPath, path], path, version }
}
