import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type EngineInfo, err, isEnded, ok, type Result, TailgateError } from '@tailgate/shared'
import type { Logger } from 'pino'
import { type AccessControl, createAccessControl, reservedPaths } from './access-control.ts'
import type { Configuration } from './config.ts'
import { alreadyHeld, noteHolder } from './data-dir-holder.ts'
import { CONSOLE_FILE, createLocalExecutor } from './executors/local-executor.ts'
import { createFileBrowser } from './files/file-browser.ts'
import { kernelProblem } from './lines/line-kernel.ts'
import { locateEngine } from './locate-engine.ts'
import { createGatewayMetrics, type GatewayMetrics } from './metrics/gateway-metrics.ts'
import { openArtifact } from './open-artifact.ts'
import type { LaunchPlan } from './runs/launch-run.ts'
import { LocalRunService } from './runs/local-run-service.ts'
import type { Timers } from './runs/run-clock.ts'
import { createRunIds } from './runs/run-id.ts'
import type { CreateParser } from './runs/run-log.ts'
import { RunQueue } from './runs/run-queue.ts'
import { RunRegistry } from './runs/run-registry.ts'
import { keepSource, readOutline } from './runs/run-source.ts'
import { engineEnv } from './security/engine-env.ts'
import { systemFiles } from './security/file-access.ts'
import { MAX_OTHER_CONNECTIONS } from './security/limits.ts'
import { createPathPolicy, type PathPolicy } from './security/path-policy.ts'
import { batchCommand } from './stata/engine/command.ts'
import { engineInfo } from './stata/engine/engine-info.ts'
import type { FoundEngine } from './stata/engine/find-engine.ts'
import { nodeProbeHost } from './stata/engine/node-probe-host.ts'
import { type Probe, probeEngine } from './stata/engine/probe.ts'
import { WRAPPER_NAME, wrapperDoFile } from './stata/engine/wrapper.ts'
import type { DoFileOutline } from './stata/log/do-file-outline.ts'
import { createLogParser, parseLogParserSnapshot } from './stata/log/log-parser.ts'
import { openDatabase } from './store/database.ts'
import { RunStore } from './store/run-store.ts'
import type { StoredRun } from './store/stored-run.ts'
import { nodeFiles } from './tail/node-files.ts'
import { listen } from './transports/listen.ts'
import { VERSION } from './version.ts'

/** Where the parts meet: the only file that knows the machine's clock, processes and files by name. */

/** A running gateway. */
export type Gateway = {
  /** Such as `http://127.0.0.1:4000`. */
  readonly url: string
  engineInfo(): EngineInfo
  /** What a start may tell its user of who comes in, and how. */
  readonly access: Pick<AccessControl, 'firstToken' | 'trustsOwnUser'> & Pick<AccessControl['logins'], 'issueCode'>
  /** Ends the streams so that their viewers return, and lets go of everything; runs go on. */
  close(): Promise<void>
}

/** Where `pnpm build` puts the dashboard. */
const DASHBOARD_DIR = fileURLToPath(new URL('../../dashboard/dist', import.meta.url))

const timers: Timers = {
  now: () => performance.now(),
  wallClock: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}

/** Wires a gateway and starts it; the error is for the user and says what to do. */
export async function createGateway(options: {
  configuration: Configuration
  log: Logger
}): Promise<Result<Gateway, string>> {
  const { configuration, log } = options
  const { settings } = configuration
  if (kernelProblem !== null) return err(kernelProblem)
  const found = await locateEngine(configuration)
  if (!found.ok) return found
  const roots = firstAndRest(settings.roots)
  const database = openDatabase(settings.dataDir)
  if (!database.ok) return err(database.error === 'locked' ? alreadyHeld(settings.dataDir) : database.error)

  // After the lock on the data directory: of two gateways on one, only one may make the first token.
  const access = await createAccessControl(settings, log)
  if (!access.ok) {
    database.value.close()
    return access
  }
  const { guard, allowsOrigin, logins, streams, audit, auditProblem, firstToken, trustsOwnUser } = access.value

  const leaving = new AbortController()
  let probe: Probe | null = null
  const engine = () => engineInfo(found.value, probe)
  const store = new RunStore(database.value)
  const paths = createPathPolicy({ roots, reserved: reservedPaths(settings), files: systemFiles })
  const plan = (run: StoredRun) => launchPlan(run, found.value, engineEnv(process.env, settings.envPass))
  const registry = new RunRegistry(store, settings.dataDir, (run) => parserFor(run, paths))
  const metrics: GatewayMetrics = createGatewayMetrics({
    runs: () => store.countByState(),
    queued: () => runs.status().queued,
    streams: () => streams.count,
    tailLagBytes: () => registry.tailLag(),
    searches: () => runs.searches,
  })
  const executor = createLocalExecutor()
  const runs = new LocalRunService({
    record: (action) => audit.record(action),
    onSearched: metrics.searched,
    store,
    registry,
    queue: new RunQueue(settings.maxRunning),
    maxQueued: settings.maxQueued,
    retention: settings,
    dataDir: settings.dataDir,
    diskSpace: async (directory) => {
      const { bavail, blocks, bsize } = await statfs(directory)
      return { free: bavail * bsize, total: blocks * bsize }
    },
    starter: {
      paths,
      engine: () => engine().engine,
      executor: executor.kind,
      newId: createRunIds(timers.wallClock, store.newestId()),
      wallClock: timers.wallClock,
      check: plan,
    },
    active: {
      executor,
      files: nodeFiles,
      timers,
      log,
      consoleFile: CONSOLE_FILE,
      killGraceMs: settings.killGraceMs,
      plan,
      onRead: metrics.linesRead,
      keepSource: async ({ file }, runDir) => {
        const opened = await paths.openDoFile(file)
        if (!opened.ok) return null
        await using handle = opened.value.handle
        return await keepSource(handle, opened.value.bytes, runDir)
      },
    },
    openArtifact: (path) => openArtifact(path, paths),
  })

  const close = async () => {
    leaving.abort()
    await runs.close()
    executor.close()
    store.close()
    await audit.flush()
  }
  const recovered = await runs.recover().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  if (recovered !== null) {
    await close()
    return err(`The runs of an earlier gateway cannot be taken up: ${recovered}`)
  }
  const server = await listen({
    place:
      settings.socket === null
        ? { type: 'address', host: settings.host, port: settings.port }
        : { type: 'socket', path: settings.socket },
    maxConnections: settings.maxStreams + MAX_OTHER_CONNECTIONS,
    runs,
    engine,
    executor: 'local',
    version: VERSION,
    dashboardDir: DASHBOARD_DIR,
    files: createFileBrowser(paths),
    log,
    metrics,
    problems: () => [auditProblem()].filter((problem) => problem !== null),
    guard,
    allowsOrigin,
    logins,
    streams,
    requestsPerMinute: settings.maxRequests,
    now: timers.wallClock,
  })
  if (!server.ok) {
    await close()
    return server
  }
  await noteHolder(settings.dataDir, server.value.url).catch((error) => {
    log.warn({ error }, 'A second gateway on the data directory could not be told who has it.')
  })
  const probeDir = join(settings.dataDir, 'probe')
  void probeEngine(found.value, nodeProbeHost(leaving.signal, probeDir)).then((result) => {
    probe = result
    if (result.type === 'unproven' && !leaving.signal.aborted) log.warn({ problem: result.problem }, 'engine unproven')
  })
  return ok({
    url: server.value.url,
    engineInfo: engine,
    access: { firstToken, trustsOwnUser, issueCode: logins.issueCode },
    async close() {
      // While the streams are still open: their viewers are to see how it ends.
      if (settings.onShutdown === 'cancel') await runs.cancelAll()
      await server.value.close()
      await close()
    },
  })
}

/**
 * Reads the logs of a run. The do-file of one that is yet to be launched is read then; of one that has ended, its
 * statements are of no more use.
 */
async function parserFor(run: StoredRun, paths: PathPolicy): Promise<CreateParser> {
  const known = run.state === 'queued' || isEnded(run.state) ? null : await outlineOf(run, paths)
  return (snapshot, source = known) => {
    if (snapshot === undefined) return createLogParser({ workingDir: run.workingDir, source })
    const restore = parseLogParserSnapshot(snapshot)
    return restore === null ? null : createLogParser({ source, restore })
  }
}

/**
 * The statements of a do-file; null when it is too long or cannot be read. By the path policy again: since the run was
 * accepted something else may lie there, such as a named pipe that would never be read to its end.
 */
async function outlineOf({ file }: StoredRun, paths: PathPolicy): Promise<DoFileOutline | null> {
  const opened = await paths.openDoFile(file)
  if (!opened.ok) return null
  await using handle = opened.value.handle
  return await readOutline(handle, opened.value.bytes)
}

/** What is started for a run, or why this file and these arguments cannot be passed to the engine. */
function launchPlan(run: StoredRun, engine: FoundEngine, env: LaunchPlan['env']): Result<LaunchPlan, TailgateError> {
  const { file, workingDir, args } = run
  const wrapper = wrapperDoFile({ file, workingDir, args, platform: engine.platform })
  if (!wrapper.ok) {
    const { message, parameter } = wrapper.error
    return err(new TailgateError('bad-request', message, { details: { parameter } }))
  }
  const command = batchCommand(engine, WRAPPER_NAME)
  return ok({ wrapper: wrapper.value, wrapperName: WRAPPER_NAME, command, env })
}

function firstAndRest(roots: readonly string[]): readonly [string, ...string[]] {
  const [first, ...rest] = roots
  if (first === undefined) throw new Error('Internal error: the settings allow no root')
  return [first, ...rest]
}
