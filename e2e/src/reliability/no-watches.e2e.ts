import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTailgateClient } from '@tailgate/client'
import { expect, test } from 'vitest'
import { createNamespace } from '../harness/namespace.ts'
import { Watcher } from '../harness/watcher.ts'
import { createWorkspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'

/** The system's watches are used up, as by editors and indexers on a shared machine. */

test.for(['max_inotify_watches', 'max_inotify_instances'])(
  'lines arrive although %s is used up',
  { timeout: 120_000 },
  async (limit, { skip }) => {
    await using namespace = await createNamespace(`echo 0 > /proc/sys/user/${limit}`)
    if (namespace === null) return skip()
    await using workspace = await createWorkspace()
    const stata = await scriptedEngine(workspace.root)
    const next = join(workspace.root, 'next')
    await workspace.file('a.do', `* engine: print one\n* engine: wait-for ${next}\n* engine: canary 5000 1\n`)
    const [command = '', ...words] = namespace.enter
    const watch = [...words, process.execPath, '-e', `fs.watch('${workspace.root}', () => {})`]
    expect(() => execFileSync(command, watch, { stdio: 'pipe' })).toThrow(/ENOSPC|EMFILE/)

    const { url } = await workspace.start({ stata, enter: namespace.enter })
    const run = await createTailgateClient({ url }).runs.start({ file: 'a.do' })
    const viewer = new Watcher(run)
    await viewer.until(() => viewer.log.includes('one'))
    await workspace.file('next', '')
    expect((await viewer.end()).state).toBe('succeeded')
    expect(viewer.logs).toEqual([await readFile(join(workspace.dataDir, 'runs', run.id, 'run.log'), 'utf8')])
  },
)
