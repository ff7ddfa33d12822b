import { expect, test } from 'vitest'
import { innerLines, parseBlocks, type SourceNode } from './blocks.ts'
import { readLogicalLines } from './logical-lines.ts'

/** The tree in short: commands as text, blocks as [header, …body]. */
type Sketch = string | Sketch[]

function sketch(nodes: readonly SourceNode[]): Sketch[] {
  return nodes.map((node) => {
    if (node.kind === 'block') return [node.header, ...sketch(node.body)]
    if (node.kind === 'program') return [node.line.text, ...sketch(node.body)]
    return node.line.text
  })
}

const parse = (source: string): SourceNode[] => parseBlocks(readLogicalLines(source))

test('blocks nest', () => {
  const source = "forvalues i = 1/2 {\n  if `i' == 1 {\n    display 1\n  }\n}\ndisplay 2\n"
  expect(sketch(parse(source))).toEqual([['forvalues i = 1/2', ["if `i' == 1", 'display 1']], 'display 2'])
})

test('a program runs to its end line, blocks inside it included', () => {
  expect(sketch(parse('program define p\n  quietly {\n    x\n  }\nend\ny\n'))).toEqual([
    ['program define p', ['quietly', 'x']],
    'y',
  ])
})

test.each(['program drop p', 'capture program drop p', 'program dir', 'display "{"', 'local x {'])(
  '%s opens nothing',
  (text) => {
    expect(sketch(parse(`${text}\nnext\n`))).toEqual([text, 'next'])
  },
)

test('a block the file ends in has no close', () => {
  const [node] = parse('while 1 {\n  display 1\n')
  expect(node).toMatchObject({ kind: 'block' })
  expect(node).not.toHaveProperty('close')
})

test('the inner lines of a block include its closing line', () => {
  const [node] = parse('if 1 {\n  foreach x in a {\n    y\n  }\n}\n')
  if (node?.kind !== 'block') throw new Error('not a block')
  expect(innerLines(node).map((line) => line.text)).toEqual(['foreach x in a {', 'y', '}', '}'])
})
