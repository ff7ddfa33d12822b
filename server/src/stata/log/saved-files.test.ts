import { describe, expect, test } from 'vitest'
import { createLogParser } from './log-parser.ts'
import { MAX_SAVED_FILES } from './saved-files.ts'

function files(lines: readonly string[], workingDir: string | null = '/data/wage') {
  const parser = createLogParser({ workingDir })
  for (const line of lines) parser.push(line)
  return parser.savedFiles()
}

const paths = (...lines: string[]) => files(['. do something', ...lines]).map(({ path }) => path)

describe('a message about a file', () => {
  test.each([
    ['file wages.dta saved', 'wages.dta', 'dataset'],
    ['file wages.dta saved as .dta format', 'wages.dta', 'dataset'],
    ['file "two words.dta" saved', 'two words.dta', 'dataset'],
    ['file out.csv saved', 'out.csv', 'dataset'],
    ['file tables.xlsx saved', 'tables.xlsx', 'table'],
    ['(file plot.gph saved)', 'plot.gph', 'graph'],
    ['file plot.gph saved', 'plot.gph', 'graph'],
    ['(file plot.png written in PNG format)', 'plot.png', 'graph'],
    ['file plot.png saved as PNG format', 'plot.png', 'graph'],
    ['file plot.pdf saved as PDF format', 'plot.pdf', 'graph'],
    ['(output written to table.tex)', 'table.tex', 'table'],
    ['(output written to `"table one.rtf"\')', 'table one.rtf', 'table'],
    ['(collection Table exported to file results.html)', 'results.html', 'document'],
    ['successfully created "/data/wage/report.docx"', 'report.docx', 'document'],
    ['successfully replaced "/data/wage/report.pdf"', 'report.pdf', 'document'],
    ['file estimates.ster saved', 'estimates.ster', 'other'],
    ['results saved to "out/results.csv"', 'out/results.csv', 'table'],
  ])('%s', (message, name, kind) => {
    expect(files(['. do something', message])).toEqual([{ path: `/data/wage/${name}`, kind, logLine: 2 }])
  })

  test.each([
    'file wages.dta not found',
    '(note: file out.csv not found)',
    '(file wages.dta not found)',
    'file wages.dta already exists',
    'file /tmp/St87957.000001 saved as .dta format',
    'file C:\\Users\\ada\\AppData\\Local\\Temp\\ST_0a000001.tmp saved',
    '(3 real changes made)',
    'Fitting model',
  ])('is not %j', (message) => {
    expect(files(['. do something', message])).toEqual([])
  })

  test('is put together when it is wrapped', () => {
    expect(paths('file /data/wage/a-very-long-name.dta', '    saved')).toEqual(['/data/wage/a-very-long-name.dta'])
    expect(paths('(file', '    /data/wage/a-very-lo', '    > ng-name.gph saved)')).toEqual([
      '/data/wage/a-very-long-name.gph',
    ])
    expect(paths('(file', '    /data/wage/a-very-lo', '    > ng-name.log not', '    found)')).toEqual([])
    expect(paths('successfully created', '    "/data/wage/a b.docx"')).toEqual(['/data/wage/a b.docx'])
  })

  test('of outreg2 is the name above its links', () => {
    expect(files(['. outreg2 using table.tex', 'table.tex', 'dir : seeout'])).toEqual([
      { path: '/data/wage/table.tex', kind: 'table', logLine: 2 },
    ])
  })

  test('of log using is its header', () => {
    const header = (last: string) => [
      '. log using main, text',
      '-----',
      '      name:  <unnamed>',
      '       log:  /data/wage/a-long-',
      '> name.log',
      '  log type:  text',
      last,
    ]
    expect(files(header(' opened on:   2 Apr 2026, 12:08:00'))).toEqual([
      { path: '/data/wage/a-long-name.log', kind: 'log', logLine: 7 },
    ])
    expect(files(header(' closed on:   2 Apr 2026, 12:08:00'))).toEqual([])
  })
})

describe('the directory of a file', () => {
  test('is the one that cd printed', () => {
    expect(paths('', '. cd sub', '/data/wage/sub', '', '. save a', 'file a.dta saved')).toEqual([
      '/data/wage/sub/a.dta',
    ])
    expect(paths('', '. cd "~/x"', '/home/ada/x', '', '. save ../a', 'file ../a.dta saved')).toEqual([
      '/home/ada/a.dta',
    ])
  })

  test('is put together when it is wrapped', () => {
    const long = `/data/${'d'.repeat(73)}`
    expect(paths('', '. cd somewhere', long, '> ddd', '', '. save a', 'file a.dta saved')).toEqual([`${long}ddd/a.dta`])
  })

  test('follows a quiet cd as far as it can be known', () => {
    expect(paths('', '. quietly cd "sub dir"', '', '. save a', 'file a.dta saved')).toEqual([
      '/data/wage/sub dir/a.dta',
    ])
    expect(paths('', '. quietly cd "`dir\'"', '', '. save a', 'file a.dta saved', 'file /b.dta saved')).toEqual([
      '/b.dta',
    ])
  })

  test('follows the rounds of a loop', () => {
    const loop = ['', '. foreach d in a b {', "  2.   cd `d'", '  3.   save x', '  4. }']
    expect(paths(...loop, '/data/a', 'file x.dta saved', '/data/b', 'file x.dta saved')).toEqual([
      '/data/a/x.dta',
      '/data/b/x.dta',
    ])
  })

  test('stays the same when cd fails', () => {
    expect(
      paths('', '. capture noisily cd nowhere', 'unable to change to nowhere', '', '. save a', 'file a.dta saved'),
    ).toEqual(['/data/wage/a.dta'])
  })

  test('may be one of Windows', () => {
    expect(files(['. save a', 'file out\\a.dta saved'], 'D:\\wage')[0]?.path).toBe('D:\\wage\\out\\a.dta')
  })
})

test('a file that is saved again is told once', () => {
  expect(paths('file a.dta saved', 'file a.dta saved', 'file b.dta saved')).toEqual([
    '/data/wage/a.dta',
    '/data/wage/b.dta',
  ])
})

test('no more than a bounded number of files is kept', () => {
  const lines = Array.from({ length: MAX_SAVED_FILES + 10 }, (_, i) => `file a${i}.dta saved`)
  expect(files(lines)).toHaveLength(MAX_SAVED_FILES)
})
