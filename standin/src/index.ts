/**
 * The stand-in engine as the server sees it: a program to start, not a library to call.
 */
import { join } from 'node:path'

/** Absolute path of the program. Start it as `node <STANDIN_MAIN> -b -q do <file>` in the directory for the log. */
export const STANDIN_MAIN: string = join(import.meta.dirname, 'main.ts')

export { STANDIN_VERSION } from './version.ts'
