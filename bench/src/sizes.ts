/** How much is measured: everything for the record, or little of it to see that all of it still works. */
export type Sizes = {
  readonly rounds: number
  readonly viewers: number
  readonly burstLines: number
  /** Lines for what is so slow that the whole burst would take minutes a round; its rate does not depend on them. */
  readonly slowBurstLines: number
  readonly floodLines: number
  readonly flushedLines: number
  readonly latencyLines: number
  readonly idleViewers: number
  readonly manyIdleViewers: number
  readonly idleSeconds: number
  /** Until the gateway has done what connecting leaves behind. */
  readonly settleMs: number
  readonly longLogLines: number
  readonly pages: number
  readonly starts: number
  readonly parserLines: number
  readonly viewerCurve: readonly number[]
  readonly viewerCurveLines: number
  readonly lineCurve: readonly number[]
  /** Of smaller points so many lines are sent in all, one time after another. */
  readonly curveLines: number
}

export const FULL: Sizes = {
  rounds: 5,
  viewers: 20,
  burstLines: 100_000,
  slowBurstLines: 10_000,
  floodLines: 1_000_000,
  flushedLines: 200_000,
  latencyLines: 2_000,
  idleViewers: 1_000,
  manyIdleViewers: 5_000,
  idleSeconds: 20,
  settleMs: 4_000,
  longLogLines: 10_000_000,
  pages: 500,
  starts: 30,
  parserLines: 1_000_000,
  viewerCurve: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
  viewerCurveLines: 20_000,
  lineCurve: [10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000],
  curveLines: 200_000,
}

export const QUICK: Sizes = {
  rounds: 1,
  viewers: 4,
  burstLines: 10_000,
  slowBurstLines: 1_000,
  floodLines: 50_000,
  flushedLines: 10_000,
  latencyLines: 200,
  idleViewers: 50,
  manyIdleViewers: 200,
  idleSeconds: 2,
  settleMs: 500,
  longLogLines: 200_000,
  pages: 20,
  starts: 3,
  parserLines: 50_000,
  viewerCurve: [1, 10],
  viewerCurveLines: 2_000,
  lineCurve: [1_000, 10_000],
  curveLines: 1,
}
