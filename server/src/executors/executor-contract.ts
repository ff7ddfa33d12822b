import type { Executor } from './executor.ts'
import { ExecutorRig } from './testing/executor-rig.ts'
import { testLaunching } from './testing/launching.ts'
import { testOutliving } from './testing/outliving.ts'
import { testStopping } from './testing/stopping.ts'

/**
 * What every executor must do, with real processes. What is promised:
 *
 *  E1. The engine gets its arguments, environment, directory and console exactly as the spec says, and no input.
 *  E2. An engine that cannot be executed is an error that a user can act on, not a run.
 *  E3. `exited` settles when the engine has ended and not before, with the true status; what the engine left running
 *      does not delay it.
 *  E4. `terminate` asks; `kill` leaves nothing of the run, wherever it hid, and touches nothing else.
 *  E5. An attempt starts at most one engine, whoever launches, adopts or dies at whatever moment.
 *  E6. An engine outlives its launcher, and whoever adopts it learns the same as the launcher would have.
 *  E7. A launch that is given up in time starts nothing, now or later; one that is given up too late has its engine.
 *  E8. Nothing of this keeps the gateway's process alive.
 */
export type ExecutorUnderTest = {
  readonly create: () => Executor
  /** An expression that makes such an executor in a Node process of its own. */
  readonly source: string
}

export function testExecutor({ create, source }: ExecutorUnderTest): void {
  const createRig = () => new ExecutorRig(create(), source)
  testLaunching(createRig)
  testStopping(createRig)
  testOutliving(createRig)
}
