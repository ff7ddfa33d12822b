import type { Findings } from './report/finding.ts'
import type { Plot } from './report/plot.ts'
import type { Sizes } from './sizes.ts'
import type { ViewerProcess } from './viewers/viewer-process.ts'

/** What a scenario works with. */
export type Bench = {
  readonly sizes: Sizes
  /** A directory that is removed afterwards. */
  readonly workspace: string
  readonly viewers: ViewerProcess
  /** For the gateway's Node.js, such as a profiler's. */
  readonly nodeArgs: readonly string[]
  /** Tells what is going on. */
  note(text: string): void
}

export type Scenario = {
  readonly name: string
  readonly measure: (bench: Bench) => Promise<Findings & { readonly plots?: readonly Plot[] }>
}
