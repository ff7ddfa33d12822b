import { expect, test } from 'vitest'
import { editionFromAnswers, editionFromPath } from './edition.ts'

test.each([
  ['/usr/local/stata19/stata-mp', 'MP', '19'],
  ['/usr/local/stata14/stata-ic', 'IC', '14'],
  ['/usr/local/stata18.5/stata', null, '18.5'],
  ['/Applications/StataNow/StataBE.app/Contents/MacOS/stata-be', 'BE', null],
  ['C:\\Program Files\\StataNow19\\StataSE-64.exe', 'SE', '19'],
  ['C:\\Program Files (x86)\\Stata15\\StataIC.exe', 'IC', '15'],
  ['/opt/tools/run-stata', null, null],
  ['/home/strata99/stata-mp', 'MP', null],
])('%s looks like edition %s, version %s', (path, edition, version) => {
  expect(editionFromPath(path)).toEqual({ edition, version })
})

test.each([
  [{ editionReal: 'MP', flavor: 'BE', mp: '1', se: '1' }, 'MP'],
  [{ editionReal: 'BE', flavor: 'BE', mp: '0', se: '0' }, 'BE'],
  [{ editionReal: '', flavor: 'IC', mp: '1', se: '1' }, 'MP'],
  [{ editionReal: '', flavor: 'IC', mp: '0', se: '1' }, 'SE'],
  [{ editionReal: '', flavor: 'IC', mp: '0', se: '0' }, 'IC'],
  [{ editionReal: '', flavor: 'Small', mp: '0', se: '0' }, null],
])('the answers %o mean edition %s', (answers, edition) => {
  expect(editionFromAnswers(answers)).toBe(edition)
})
