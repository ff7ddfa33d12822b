import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sourceDigest } from './source-digest.ts'

test('the digest changes with every name and content that ends up in the bundle, and with nothing else', async () => {
  const base = await mkdtemp(join(tmpdir(), 'tailgate-digest-'))
  try {
    await mkdir(join(base, 'src/deep'), { recursive: true })
    await writeFile(join(base, 'src/deep/a.ts'), 'one')
    const digest = () => sourceDigest([join(base, 'src'), join(base, 'missing')])
    const seen = [await digest()]
    await writeFile(join(base, 'src/deep/a.test.ts'), 'a test')
    expect(await digest()).toBe(seen[0])
    await writeFile(join(base, 'src/deep/a.ts'), 'two')
    seen.push(await digest())
    await rename(join(base, 'src/deep/a.ts'), join(base, 'src/deep/b.ts'))
    seen.push(await digest())
    await rm(join(base, 'src/deep/b.ts'))
    seen.push(await digest())
    expect(new Set(seen).size).toBe(4)
  } finally {
    await rm(base, { recursive: true })
  }
})
