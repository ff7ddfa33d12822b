import { describe, expect, test } from 'vitest'
import { parseCommandLine } from './command-line.ts'

const parse = (...args: string[]) => parseCommandLine(args, (word) => word === 'display')

describe("console Stata's command line", () => {
  test.each([
    [['-b', 'do', 'file.do'], 'do file.do', 'file.log', false],
    [['-b', '-q', 'do', 'dir/file.do'], 'do dir/file.do', 'file.log', true],
    [['-q', '-b', 'run', 'file'], 'run file', 'file.log', true],
    [['-e', 'file.do'], 'do file.do', 'file.log', false],
    [['-b', 'do', 'my file.do', 'a b', 'c'], 'do "my file.do" "a b" c', 'my file.log', false],
    [['-b', 'do', 'x.do', 'say "hi"'], `do x.do \`"say "hi"'`.replace(/'$/, `"'`), 'x.log', false],
    [['-b', 'display', '1'], 'display 1', 'stata.log', false],
    [['-b'], '', 'stata.log', false],
  ])('%j runs "%s" into %s', (args, command, logName, isQuiet) => {
    expect(parse(...args)).toEqual({ kind: 'batch', command, logName, isQuiet })
  })

  test.each([
    [['-s', 'do', 'x.do'], '-s'],
    [['-q', 'do', 'x.do'], 'batch mode'],
    [['-b', '-z', 'do', 'x.do'], '-z'],
    [[], 'batch mode'],
  ])('%j is refused and says why', (args, reason) => {
    const parsed = parse(...args)
    expect(parsed.kind === 'refused' && parsed.message).toContain(reason)
  })
})
