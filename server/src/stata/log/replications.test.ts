import { expect, test } from 'vitest'
import { readReplications, startReplications } from './replications.ts'

function count(command: string, ...lines: string[]) {
  const state = startReplications()
  let above = ''
  for (const line of lines) {
    readReplications(state, line, above, command)
    above = line
  }
  return state.count
}

const SCALE = '----+--- 1 ---+--- 2 ---+--- 3 ---+--- 4 ---+--- 5 '
const row = (dots: number, total?: number) => '.'.repeat(dots) + (total === undefined ? '' : String(total).padStart(6))

test('rows of fifty dots add up to their number', () => {
  expect(count('', 'Simulations (500)', SCALE)).toEqual({ done: 0, total: 500, failed: 0 })
  expect(count('', 'Simulations (1,000)', SCALE, row(50, 50), row(50, 100), row(7))).toEqual({
    done: 107,
    total: 1000,
    failed: 0,
  })
})

test('letters are replications that failed', () => {
  expect(count('', 'Jackknife replications (74)', SCALE, `${'.'.repeat(45)}xsen?    50`, '..x')).toEqual({
    done: 53,
    total: 74,
    failed: 6,
  })
})

test('a dot may stand for more than one replication', () => {
  expect(count('', 'Bootstrap replications (2000)', SCALE, row(50, 500), row(10))).toMatchObject({
    done: 600,
    total: 2000,
  })
})

test('the total comes from the command when the title has none', () => {
  expect(count('simulate b=r(b), reps(250): myprog', 'Working', SCALE, row(20))).toMatchObject({ done: 20, total: 250 })
  expect(count('myprog', SCALE, row(20))).toMatchObject({ done: 20, total: null })
})

test('dots count that an error message is glued to, and nothing after it', () => {
  expect(
    count('', 'Replications (50)', SCALE, '.......estimates post: matrix has missing values', '.....'),
  ).toMatchObject({ done: 7 })
  expect(count('', 'Replications (50)', SCALE, 'sex not found')).toMatchObject({ done: 0, failed: 0 })
})

test('numbered dots go on over wrapped lines, and a wrap may cut a number', () => {
  const title = 'Bootstrap replications (5,000): .........10.........20'
  expect(count('', title)).toEqual({ done: 20, total: 5000, failed: 0 })
  expect(count('', title, '> .........30...x....')).toMatchObject({ done: 38, failed: 1 })
  expect(count('', 'Bootstrap replications (500): .........230.........24', '> 0.........25')).toMatchObject({
    done: 249,
  })
  expect(count('', 'Bootstrap replications (5,000): .........990.........1,0', '> 00..')).toMatchObject({ done: 1002 })
})

test('the word at the end is not counted', () => {
  expect(count('', 'Bootstrap replications (20): .........10.........20 done')).toEqual({
    done: 20,
    total: 20,
    failed: 0,
  })
  expect(count('', 'Bootstrap replications (20): .........10.........20 do', '> ne')).toEqual({
    done: 20,
    total: 20,
    failed: 0,
  })
})

test('other lines announce nothing', () => {
  expect(count('', 'Number of strata (H): 5', '.....', '> ....')).toBeNull()
})
