import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/**
 * A Linux namespace (see user_namespaces(7)) with mounts and limits of its own, which no other process sees and which
 * go away with it. Any user may have one, where the system is not set up to forbid that.
 */
export type Namespace = {
  /** Put before a command, these make it run inside. */
  readonly enter: readonly string[]
  /** A path of the inside, as seen from here. */
  path(inside: string): string
  [Symbol.asyncDispose](): Promise<void>
}

/** `setup`: a shell script that is run inside first. Null, and said loudly, where namespaces are forbidden. */
export async function createNamespace(setup: string): Promise<Namespace | null> {
  const script = `set -e; ${setup}\necho ready; exec cat`
  const keeper = spawn('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', script], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let complaint = ''
  keeper.stderr.on('data', (text) => {
    complaint += text
  })
  const ended = new Promise<null>((resolve) => {
    keeper.once('error', (error) => {
      complaint += error.message
      resolve(null)
    })
    keeper.once('close', () => resolve(null))
  })
  const ready = await Promise.race([once(createInterface({ input: keeper.stdout }), 'line'), ended])
  const { pid } = keeper
  if (ready === null || pid === undefined) {
    const required = process.env.TAILGATE_TEST_REQUIRE?.split(',').includes('namespaces')
    if (required) throw new Error(`no namespace, and TAILGATE_TEST_REQUIRE asks for it: ${complaint}`)
    console.warn(`SKIPPED: this system does not allow a namespace of one's own (${complaint.trim()})`)
    return null
  }
  return {
    enter: ['nsenter', '--target', String(pid), '--user', '--mount', '--preserve-credentials'],
    path: (inside) => `/proc/${pid}/root${inside}`,
    async [Symbol.asyncDispose]() {
      keeper.stdin.end()
      await ended
    },
  }
}
