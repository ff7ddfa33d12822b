import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { MAX_PROBE_OUTPUT_BYTES, type ProbeExit, type ProbeHost } from './probe.ts'

/**
 * The probe's hands: a directory for it, and a process that is killed with its whole process group when the time is up
 * or the gateway is told to stop.
 *
 * `own`: the path of the directory, which nobody else may use meanwhile: what a killed gateway left there is removed.
 * Without it a temporary one is made.
 */
export function nodeProbeHost(signal: AbortSignal, own: string | null = null): ProbeHost {
  return {
    async withFile(name, text, use) {
      const directory = own ?? (await mkdtemp(path.join(tmpdir(), 'tailgate-probe-')))
      try {
        if (own !== null) {
          await rm(own, { recursive: true, force: true, maxRetries: 5 })
          await mkdir(own, { mode: 0o700 })
        }
        await writeFile(path.join(directory, name), text)
        return await use(directory)
      } finally {
        // An engine that was killed may hold a file open for a moment (Windows).
        await rm(directory, { recursive: true, force: true, maxRetries: 5 })
      }
    },
    run: (command, directory, timeoutMs) =>
      run(command, directory, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])),
    async read(file) {
      try {
        return await readFile(file, 'utf8')
      } catch {
        return null
      }
    },
  }
}

/** Output goes to a file, so that a process which outlives the engine and holds its stdout cannot delay the end. */
async function run(
  [file, ...args]: readonly [string, ...string[]],
  cwd: string,
  stop: AbortSignal,
): Promise<ProbeExit> {
  const outputFile = await open(path.join(cwd, 'output.txt'), 'w+')
  try {
    const exit = await exitOf(
      spawn(file, args, {
        cwd,
        stdio: ['ignore', outputFile.fd, outputFile.fd],
        detached: process.platform !== 'win32',
        windowsHide: true,
      }),
      stop,
    )
    const { bytesRead, buffer } = await outputFile.read(
      Buffer.alloc(MAX_PROBE_OUTPUT_BYTES),
      0,
      MAX_PROBE_OUTPUT_BYTES,
      0,
    )
    return { ...exit, output: buffer.toString('utf8', 0, bytesRead) }
  } finally {
    await outputFile.close()
  }
}

function exitOf(child: ChildProcess, stop: AbortSignal): Promise<Exit> {
  return new Promise((resolve) => {
    const end = (exit: Exit) => {
      stop.removeEventListener('abort', onStop)
      resolve(exit)
    }
    const onStop = () => {
      killGroup(child)
      end({ type: 'timed-out' })
    }
    child.on('error', (error) => end({ type: 'not-started', why: error.message }))
    child.on('exit', (exitCode, signal) =>
      end(signal === null ? { type: 'exited', exitCode: exitCode ?? 0 } : { type: 'signalled', signal }),
    )
    if (stop.aborted) onStop()
    else stop.addEventListener('abort', onStop, { once: true })
  })
}

type Exit =
  | { type: 'exited'; exitCode: number }
  | { type: 'signalled'; signal: string }
  | { type: 'timed-out' }
  | { type: 'not-started'; why: string }

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    // Node has no process groups on Windows; there the process alone is killed.
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // It has just ended by itself.
  }
}
