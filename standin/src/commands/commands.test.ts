/** What commands do and show, one by one. Whole logs are compared in golden.test.ts. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { memorySystem } from '../testing/memory-system.ts'
import { outputOf, runSource } from '../testing/run-source.ts'
import { COMMANDS, findCommand } from './command-table.ts'

describe('abbreviations', () => {
  test.each([
    ['di', 'display'],
    ['dis', 'display'],
    ['g', 'generate'],
    ['gen', 'generate'],
    ['su', 'summarize'],
    ['sum', 'summarize'],
    ['loc', 'local'],
    ['gl', 'global'],
    ['l', 'list'],
    ['d', 'describe'],
    ['ta', 'tabulate'],
    ['tab', 'tabulate'],
    ['cou', 'count'],
    ['ren', 'rename'],
    ['pr', 'program'],
    ['conf', 'confirm'],
    ['sca', 'scalar'],
  ])('%s is %s', (word, name) => {
    expect(findCommand(word)?.name).toBe(name)
  })

  test.each(['displa1', 'dro', 'kee', 'replac', 'clea', 'co', 'foreach1', 'lo'])('%s is no command', (word) => {
    expect(findCommand(word)).toBeUndefined()
  })

  test('no two commands share a name', () => {
    const names = COMMANDS.map((command) => command.name)
    expect(new Set(names).size).toBe(names.length)
  })

  test('every command stands in the README', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
    for (const { name } of COMMANDS) expect(readme).toMatch(new RegExp(`\`(?:mac |set )?${name}[ \`]`))
  })

  test('an abbreviation is a beginning of its name', () => {
    for (const { name, shortest = name } of COMMANDS) expect(name.startsWith(shortest), name).toBe(true)
  })

  test.each([
    ['qui di 1\nn di 2', ['2']],
    ['quietly: noisily: display 3', ['3']],
    ['cap noi di 4', ['4']],
    ['version 14: display 5', ['5']],
    ["forv i = 1/2 {\ndi `i'\n}", ['1', '2']],
  ])('prefixes and loops of %j', (source, expected) => {
    expect(outputOf(source)).toEqual(expected)
  })
})

describe('macros', () => {
  test.each([
    ["local x = 1/4\ndi `x'", ['.25']],
    ['local x "quoted"\ndi "`x\'"', ['quoted']],
    ["local i 1\nlocal ++i\nlocal --i\nlocal ++i\ndi `i'", ['2']],
    ['global g two words\ndi "$g"', ['two words']],
    ['tokenize a "b c" d\ndi "`2\' `3\'"', ['b c d']],
    ['local l a b a\nlocal u : list uniq l\nlocal n : list sizeof l\ndi "`u\' `n\'"', ['a b 3']],
    ['local l a b\nlocal p : list posof "b" in l\ndi `p\'', ['2']],
    ['local s a-b-a\nlocal t : subinstr local s "a" "x", all\ndi "`t\'"', ['x-b-x']],
    ['local f : display %5.2f 2\ndi "`f\'|"', [' 2.00|']],
    ['local x 5\nmacro drop _x\ndi "[`x\']"', ['[]']],
    ["local n : length local nothing\ndi `n'", ['0']],
    ['di "$S_DATE"', [' 2 Apr 2026']],
  ])('%j shows %j', (source, expected) => {
    expect(outputOf(source)).toEqual(expected)
  })

  test('a program has locals of its own', () => {
    const source = "program p\nlocal x 2\nend\nlocal x 1\np\ndi `x'"
    expect(runSource(source)).toContain('1')
  })
})

describe('running other things', () => {
  test('shell and ! run the command as it is and show nothing', () => {
    const system = memorySystem()
    expect(outputOf('shell echo "a b"\n!touch x', system)).toEqual([])
    expect(system.commands).toEqual(['echo "a b"', 'touch x'])
  })

  test('sleep waits that many milliseconds', () => {
    const system = memorySystem()
    runSource('sleep 250\n', system)
    expect(system.slept).toEqual([250])
  })

  test('cd moves and says where to', () => {
    expect(outputOf('cd "/data set"\npwd\ndi c(pwd)')).toEqual(['/data set', '/data set', '/data set'])
  })

  test('quietly hides output but not errors that display shows', () => {
    expect(outputOf('quietly display as error "seen"\nquietly display "hidden"')).toEqual(['seen'])
  })

  test('capture hides both', () => {
    expect(outputOf('capture display as error "hidden"')).toEqual([])
  })

  test('a text log has what the screen has while it is open', () => {
    const system = memorySystem({ 'mine.log': 'old\n' })
    runSource('log using mine.log, replace\ndisplay "in both"\nlog close\ndisplay "in one"\n', system)
    const rule = '-'.repeat(79)
    expect(system.files.get('mine.log')).toBe(
      [
        rule,
        '      name:  <unnamed>',
        '       log:  /work/mine.log',
        '  log type:  text',
        ' opened on:   2 Apr 2026, 12:08:00',
        '',
        '. display "in both"',
        'in both',
        '',
        '. log close',
        '      name:  <unnamed>',
        '       log:  /work/mine.log',
        '  log type:  text',
        ' closed on:   2 Apr 2026, 12:08:00',
        rule,
        '',
      ].join('\n'),
    )
  })
})

describe('data', () => {
  test('saved data come back as they were, missing values and strings included', () => {
    const source = [
      'set obs 3',
      'gen byte x = _n',
      'replace x = .b in 2',
      'gen s = "a" in 1',
      'save d',
      'clear',
      'use d',
      'di x[1] " " x[2] " " s[1] " " _N',
    ].join('\n')
    expect(outputOf(source).at(-1)).toBe('1 .b a 3')
  })

  test('preserve and restore bring back what was', () => {
    expect(outputOf('set obs 3\npreserve\ndrop in 1/2\nrestore\ndi _N').at(-1)).toBe('3')
  })

  test('the same seed gives the same numbers', () => {
    const [, first, second] = outputOf('set obs 1\nset seed 5\ndi runiform()\nset seed 5\ndi runiform()')
    expect(first).toBe(second)
  })

  test('missing values sort last and count as larger than any number', () => {
    const source = 'set obs 3\ngen x = cond(_n == 1, ., 4 - _n)\nsort x\ndi x[1] " " x[2] " " x[3]'
    expect(outputOf(source).at(-1)).toBe('1 2 .')
  })
})
