/** Runs do-file text in this process and returns its log without the head. */
import { bannerLines } from '../banner.ts'
import { runBatch } from '../batch.ts'
import { type MemorySystem, memorySystem } from './memory-system.ts'

export function runSource(source: string, system: MemorySystem = memorySystem()): string[] {
  system.files.set('main.do', source)
  const lines: string[] = []
  runBatch({ command: 'do main.do', isQuiet: true }, (line) => lines.push(line), system)
  return lines.slice(bannerLines(true).length)
}

/** What the commands showed: the log without its echo and blank lines. For tests of output, not of layout. */
export function outputOf(source: string, system?: MemorySystem): string[] {
  return runSource(`quietly {\nnoisily {\n${source}\n}\n}`, system).filter(
    (line) => !/^(?:|\. .*|\. |end of do-file|r\(\d+\);)$/.test(line),
  )
}
