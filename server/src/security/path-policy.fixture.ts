import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Result, TailgateError } from '@tailgate/shared'
import { type FileAccess, systemFiles } from './file-access.ts'
import { createPathPolicy, type PathPolicy } from './path-policy.ts'

/** For the tests of the path policy: a root with every kind of file and link in it, and what lies around it. */

export const isRoot = process.getuid?.() === 0

export type PathFixture = {
  readonly base: string
  readonly root: string
  policy(files?: FileAccess, roots?: readonly [string, ...string[]]): PathPolicy
  remove(): Promise<void>
}

export async function createPathFixture(): Promise<PathFixture> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'tailgate-paths-')))
  const root = join(base, 'root')
  for (const directory of ['root/sub/deep', 'root/dir.do', 'root/reserved', 'root-evil', 'ROOT', 'outside/dir']) {
    mkdirSync(join(base, directory), { recursive: true })
  }
  for (const file of [
    'root/main.do',
    'root/noext',
    'root/sub/deep/ok.do',
    'root/caf\u00e9.do',
    'root/reserved/tokens.json',
    'root-evil/secret.do',
    'ROOT/secret.do',
    'outside/secret.do',
    'outside/dir/secret.do',
  ]) {
    writeFileSync(join(base, file), 'display 1\n')
  }
  const links: Record<string, string> = {
    'link-in.do': 'main.do',
    'link-noext.do': 'noext',
    'link-out.do': '../outside/secret.do',
    'link-out-missing.do': '../outside/none.do',
    'link-in-missing.do': 'none.do',
    'link-dir-out': '../outside',
    'link-dir-in': 'sub/deep',
    'link-etc': '/etc',
    'link-proc': '/proc/self',
    'link-parent': '..',
    'link-chain.do': 'link-chain-2.do',
    'link-chain-2.do': 'link-dir-out/secret.do',
    'loop-a.do': 'loop-b.do',
    'loop-b.do': 'loop-a.do',
    'dev-null.do': '/dev/null',
    'dev-zero.do': '/dev/zero',
    'dev-tty.do': '/dev/tty',
    'stdin.do': '/dev/stdin',
    'environ.do': '/proc/self/environ',
  }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(root, name))
  execFileSync('mkfifo', [join(root, 'fifo.do')])
  if (isRoot) execFileSync('mknod', [join(root, 'null.do'), 'c', '1', '3'])
  const socket = createServer().listen(join(root, 'socket.do'))
  await once(socket, 'listening')
  return {
    base,
    root,
    policy: (files = systemFiles, roots = [root]) =>
      createPathPolicy({ roots, reserved: [join(root, 'reserved')], files }),
    async remove() {
      socket.close()
      await once(socket, 'close')
      rmSync(base, { recursive: true })
    },
  }
}

/** The error of a refusal; a path that was let in fails the test. */
export function refusal(result: Result<unknown, TailgateError>): TailgateError {
  if (result.ok) throw new Error(`let in: ${JSON.stringify(result.value)}`)
  if (!(result.error instanceof TailgateError)) throw new Error('not a TailgateError')
  return result.error
}

export function pathOf(result: Result<{ readonly path: string }, TailgateError>): string {
  if (!result.ok) throw result.error
  return result.value.path
}
