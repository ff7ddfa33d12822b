import { mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { openArtifact } from './open-artifact.ts'
import { systemFiles } from './security/file-access.ts'
import { createPathPolicy } from './security/path-policy.ts'
import { startGateway } from './transports/testing/start-gateway.ts'

test('what was admitted is what is served, whole and in ranges, though its path leads elsewhere by now', async () => {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'tailgate-artifact-')))
  try {
    const [saved, secret] = [join(base, 'table.csv'), join(base, 'secret.txt')]
    await writeFile(saved, 'a,b\n1,2\n')
    await writeFile(secret, 'not for you')
    const paths = createPathPolicy({ roots: [base], reserved: [secret], files: systemFiles })
    await using gateway = await startGateway()
    gateway.runs.add()
    let closed = 0
    gateway.runs.openArtifact = async () => {
      await rm(saved)
      await writeFile(saved, 'a,b\n1,2\n')
      const opened = await openArtifact(saved, paths)
      // Between the check and the reading somebody swaps the file.
      await rename(saved, join(base, 'moved.csv'))
      await symlink(secret, saved)
      if (!opened.ok) return opened
      const { [Symbol.asyncDispose]: close, ...artifact } = opened.value
      return {
        ok: true,
        value: {
          ...artifact,
          [Symbol.asyncDispose]: async () => {
            await close()
            closed += 1
          },
        },
      }
    }
    const url = `${gateway.url}/runs/run-1/artifacts/0`
    const whole = await fetch(url)
    expect([whole.headers.get('Content-Type'), await whole.text()]).toEqual(['text/csv; charset=utf-8', 'a,b\n1,2\n'])
    expect(whole.headers.get('Content-Disposition')).toBe('attachment; filename=table.csv')
    const part = await fetch(url, { headers: { Range: 'bytes=4-6' } })
    expect([part.status, part.headers.get('Content-Range'), await part.text()]).toEqual([206, 'bytes 4-6/8', '1,2'])
    expect((await fetch(url, { method: 'HEAD' })).headers.get('Content-Length')).toBe('8')
    await vi.waitFor(() => expect(closed).toBe(3))
  } finally {
    await rm(base, { recursive: true })
  }
})
