import { expect, test } from 'vitest'
import { Screen } from './screen.ts'

function screen(): { lines: string[]; screen: Screen } {
  const lines: string[] = []
  return { lines, screen: new Screen((line) => lines.push(line)) }
}

test('a line is written at its newline and not before', () => {
  const { lines, screen: it } = screen()
  it.write('half')
  expect(lines).toEqual([])
  expect(it.column).toBe(5)
  it.write(' done\nnext')
  expect(lines).toEqual(['half done'])
})

test('a line longer than the linesize goes on after "> "', () => {
  const { lines, screen: it } = screen()
  it.writeLine('x'.repeat(79 + 77 + 3))
  expect(lines).toEqual(['x'.repeat(79), `> ${'x'.repeat(77)}`, '> xxx'])
})

test('an unfinished line is written as far as it has wrapped', () => {
  const { lines, screen: it } = screen()
  it.write('.'.repeat(80))
  expect(lines).toEqual(['.'.repeat(79)])
})

test('characters outside the basic plane take one column', () => {
  const { lines, screen: it } = screen()
  it.writeLine('😀'.repeat(80))
  expect(lines).toEqual(['😀'.repeat(79), '> 😀'])
})

test('a sink that was added sees only what is written while it is there', () => {
  const { screen: it } = screen()
  const more: string[] = []
  const sink = (line: string): void => {
    more.push(line)
  }
  it.writeLine('before')
  it.addSink(sink)
  it.writeLine('during')
  it.removeSink(sink)
  it.writeLine('after')
  expect(more).toEqual(['during'])
})
