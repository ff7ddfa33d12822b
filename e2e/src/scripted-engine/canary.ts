import { createRandom, type Random } from '../harness/random.ts'

/** Numbered lines for finding out whether any is lost, doubled or mixed up on its way to a viewer. */

/** One to four bytes a character, so that a chunk that ends anywhere often ends within one. */
const ALPHABETS = ['abcdefghij 0123456789.', 'äöüßéèñçøå', '€—≤≥∑漢字語文章', '𝛼𝛽𝛾😀🧮📈'].map((letters) => [
  ...letters,
])
const MAX_LETTERS = 60
/** Chunks are this long at most; half of them are very short. */
const MAX_CHUNK_BYTES = 4_000
const SHORT_CHUNK_BYTES = 9

/** Lines written before the pace is looked at again. */
export const CANARY_BLOCK_LINES = 200

/** Blocks of `canary 1 …`, `canary 2 …` and on, each in chunks of random length. The same seed gives the same bytes. */
export function* canaryBlocks(count: number, seed: number): Generator<Buffer[]> {
  const random = createRandom(seed)
  for (let first = 1; first <= count; first += CANARY_BLOCK_LINES) {
    const length = Math.min(CANARY_BLOCK_LINES, count - first + 1)
    const lines = Array.from({ length }, (_, i) => `canary ${first + i} ${letters(random)}\n`)
    yield [...chunks(Buffer.from(lines.join('')), random)]
  }
}

function letters(random: Random): string {
  const alphabet = ALPHABETS[random.between(0, ALPHABETS.length - 1)] ?? []
  return Array.from({ length: random.between(0, MAX_LETTERS) }, () => alphabet[random.between(0, alphabet.length - 1)])
    .join('')
    .trimEnd()
}

function* chunks(bytes: Buffer, random: Random): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const longest = random.next() < 0.5 ? SHORT_CHUNK_BYTES : MAX_CHUNK_BYTES
    const end = at + random.between(1, longest)
    yield bytes.subarray(at, end)
    at = end
  }
}
