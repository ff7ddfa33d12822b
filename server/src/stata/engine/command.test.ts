import { expect, test } from 'vitest'
import { batchCommand, logName } from './command.ts'
import type { FoundEngine } from './find-engine.ts'
import type { Platform } from './platform.ts'

function found(platform: Platform, kind: 'stata' | 'standin', command: [string, ...string[]]): FoundEngine {
  return { engine: { kind, path: command[0], edition: null, version: null }, command, platform, looked: [] }
}

test.each([
  [found('linux', 'stata', ['/opt/my stata/stata-mp']), ['/opt/my stata/stata-mp', '-b', '-q', 'do', 'run.do']],
  [found('darwin', 'stata', ['/Applications/x/stata-mp']), ['/Applications/x/stata-mp', '-e', '-q', 'do', 'run.do']],
  [found('win32', 'stata', ['C:\\S\\StataMP-64.exe']), ['C:\\S\\StataMP-64.exe', '/e', '/q', 'do', 'run.do']],
  [found('win32', 'standin', ['node.exe', 'standin.ts']), ['node.exe', 'standin.ts', '-b', '-q', 'do', 'run.do']],
])('%o is started in batch mode, word by word', (engine, words) => {
  expect(batchCommand(engine, 'run.do')).toEqual(words)
})

test('the log is named after the do-file', () => {
  expect(logName('run.do')).toBe('run.log')
})
