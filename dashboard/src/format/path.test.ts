import { expect, test } from 'vitest'
import { baseName, directoryName, relativeTo } from './path.ts'

test.each([
  ['/projects/wage/main.do', 'main.do', '/projects/wage'],
  ['/main.do', 'main.do', '/'],
  ['main.do', 'main.do', ''],
  ['C:\\work\\main.do', 'main.do', 'C:\\work'],
  ['/a b/Ökonomie/größe.do', 'größe.do', '/a b/Ökonomie'],
])('%s is %s in %s', (path, base, directory) => {
  expect(baseName(path)).toBe(base)
  expect(directoryName(path)).toBe(directory)
})

test('a path is told from a directory that contains it, and whole otherwise', () => {
  expect(relativeTo('/p/out/fig.png', '/p')).toBe('out/fig.png')
  expect(relativeTo('/p', '/p')).toBe('.')
  expect(relativeTo('/pq/fig.png', '/p')).toBe('/pq/fig.png')
  expect(relativeTo('/fig.png', '/')).toBe('fig.png')
})
