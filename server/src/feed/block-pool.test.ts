import { expect, test } from 'vitest'
import { type Block, BlockPool } from './block-pool.ts'

function takeAll(pool: BlockPool): Block[] {
  const blocks: Block[] = []
  for (let block = pool.take(); block !== null; block = pool.take()) blocks.push(block)
  return blocks
}

test('no two blocks in use share memory, and all lie inside it', () => {
  const blocks = takeAll(new BlockPool())
  expect(blocks.length).toBeGreaterThan(1)
  const ranges = blocks.map(({ input, outputEnd }) => [input, outputEnd] as const).sort(([a], [b]) => a - b)
  for (const [i, [start, end]] of ranges.entries()) {
    expect(start).toBeGreaterThanOrEqual(ranges[i - 1]?.[1] ?? 0)
    expect(end).toBeLessThanOrEqual(blocks[0]?.kernel.memory.length ?? 0)
  }
})

test('a block can be taken again once it is disposed of, and only once', () => {
  const pool = new BlockPool()
  const [block, ...others] = takeAll(pool)
  expect(pool.take()).toBeNull()
  block?.[Symbol.dispose]()
  block?.[Symbol.dispose]()
  expect(pool.taken).toBe(others.length)
  expect(pool.take()).not.toBeNull()
  expect(pool.take()).toBeNull()
})

test('who wants to leave some for others is given none of the last ones', () => {
  const pool = new BlockPool()
  const most = takeAll(new BlockPool()).length
  for (let i = 0; i < most - 1; i++) expect(pool.take(1)).not.toBeNull()
  expect(pool.take(1)).toBeNull()
  expect(pool.take()).not.toBeNull()
})
