/** What goes wrong, in Stata's words and with Stata's codes. */
import { describe, expect, test } from 'vitest'
import { memorySystem } from './testing/memory-system.ts'
import { runSource } from './testing/run-source.ts'

/** The lines after the echo of the last command. */
function failureOf(source: string): string[] {
  const log = runSource(source, memorySystem({ 'there.txt': '', 'not-data.dta': 'x' }))
  const end = log.lastIndexOf('end of do-file')
  const echo = log.findLastIndex((line) => line.startsWith('. '))
  expect(log.slice(end)).toEqual(['end of do-file', log.at(-1)])
  return log.slice(echo + 1, end - 1)
}

describe('a failing command', () => {
  test.each([
    ['foo', 'command foo is unrecognized', 199],
    ['mata: 1', 'command mata is unrecognized', 199],
    ['}', '} is not a valid command name', 199],
    ['display nothing', 'nothing not found', 111],
    ['summarize nothing', 'variable nothing not found', 111],
    ['drop nothing', 'variable nothing not found', 111],
    ['display foo(1)', 'unknown function foo()', 133],
    ['display "a', 'too few quotes', 132],
    ['display (1', "too few ')' or ']'", 132],
    ['display "a" + 1', 'type mismatch', 109],
    ['display %zz 1', 'invalid %format', 120],
    ['display 1 +', 'invalid syntax', 198],
    ['set obs x', 'x not found', 111],
    ['set nonsense on', 'set nonsense not allowed', 198],
    ['generate 1x = 1', '1x invalid name', 198],
    ['generate x', 'invalid syntax', 198],
    ['count, detail', 'option detail not allowed', 198],
    ['summarize, detail', 'option detail not allowed', 198],
    ['list using x', 'using not allowed', 101],
    ['do missing', 'file missing.do not found', 601],
    ['use missing', 'file missing.dta not found', 601],
    ['use not-data', 'file not-data.dta not Stata format', 610],
    ['confirm file missing.txt', 'file missing.txt not found', 601],
    ['confirm new file there.txt', 'file there.txt already exists', 602],
    ['confirm variable nothing', 'variable nothing not found', 111],
    ['confirm number x', "'x' found where number expected", 7],
    ['save there.txt', 'file there.txt already exists', 602],
    ['cd /missing', 'unable to change to /missing', 170],
    ['log close', 'no log file open', 606],
    ['log using x', 'SMCL logs are not supported by the stand-in; specify option text', 198],
    ['assert 1 == 2', 'assertion is false', 9],
    ['error 2000', 'no observations', 2000],
    ['restore', 'nothing to restore', 622],
    ['continue', 'invalid syntax', 198],
    ['else display 1', 'invalid syntax', 198],
    ['return scalar x = 1', 'statement out of context', 119],
    ['local 1+ x', '1+ invalid name', 198],
    ['scalar drop nothing', 'scalar nothing not found', 111],
    ['program drop nothing', 'nothing not found', 111],
    ['sleep soon', 'invalid syntax', 198],
  ])('%s shows "%s" and r(%d)', (command, message, code) => {
    expect(failureOf(`${command}\ndisplay "never"\n`)).toEqual([message, `r(${code});`])
  })

  test('exit with a code shows nothing but the code', () => {
    expect(failureOf('exit 12344\n')).toEqual(['r(12344);'])
  })

  test('the code of a break stands under --Break-- at every level', () => {
    const broken = ['--Break--', 'r(1);']
    expect(runSource('error 1\n').slice(-6)).toEqual([...broken, '', 'end of do-file', ...broken])
  })

  test.each([
    ['set obs 3\ngenerate x = 1\ngenerate x = 2', ['variable x already defined', 'r(110);']],
    ['set obs 3\ngenerate x = _n\nassert x > 2', ['2 contradictions in 3 observations', 'assertion is false', 'r(9);']],
    ['set obs 3\ngenerate x = _n\nassert x > 1', ['1 contradiction in 3 observations', 'assertion is false', 'r(9);']],
    ['set obs 3\ngenerate x = _n\ngenerate xy = 1\nrename x xy', ['variable xy already defined', 'r(110);']],
    ['set obs 3\ngenerate str2 x = 5', ['type mismatch', 'r(109);']],
    ['set obs 3\ngenerate x = 1\nexit, STATA', ['no; dataset in memory has changed since last saved', 'r(4);']],
    ['set obs 3\ngenerate x = 1\nlist in 5', ['observation numbers out of range', 'r(198);']],
    ['program p\nend\nprogram p\nend', ['  1. end', 'program p already defined', 'r(110);']],
    ['preserve\npreserve', ['already preserved', 'r(621);']],
    ['set obs 2\ngenerate ab1 = 1\ngenerate ab2 = 2\ndisplay ab', ['ab ambiguous abbreviation', 'r(111);']],
  ])('%j ends in %j', (source, expected) => {
    expect(failureOf(source)).toEqual(expected)
  })

  test('a long message is wrapped with an indent', () => {
    const name = `${'long-'.repeat(20)}name`
    expect(runSource(`do ${name}`)).toContain('file')
  })

  test('the message joins an unfinished line', () => {
    expect(failureOf('display "value: " nothing')).toEqual(['value: nothing not found', 'r(111);'])
  })

  test('a program that calls itself forever reaches the limit of nesting', () => {
    expect(failureOf('program p\np\nend\np').slice(-2)).toEqual(['system limit exceeded', 'r(1000);'])
  })

  test('code after a closing brace is refused', () => {
    expect(failureOf('if 0 {\n} else {\n}')).toContain('program error:  code follows on the same line as close brace')
  })
})
