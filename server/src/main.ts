#!/usr/bin/env node
import { enableOwnCompileCache } from './compile-cache.ts'

enableOwnCompileCache(process.env)
// Only what is imported from here on is kept compiled.
const { runCli } = await import('./cli/run-cli.ts')
process.exitCode = await runCli(process.argv.slice(2))
