import type { EngineInfo } from '@tailgate/shared'
import type { FoundEngine } from './find-engine.ts'
import type { Probe } from './probe.ts'

/** What callers are told of the engine: how it was found, refined by what it said of itself. Null: not asked yet. */
export function engineInfo({ engine, looked }: FoundEngine, probe: Probe | null): EngineInfo {
  const isStata = engine.kind === 'stata'
  return {
    // The stand-in's own version counts, not the Stata version that it imitates.
    engine:
      isStata && probe?.type === 'proven'
        ? { ...engine, version: probe.version, edition: probe.edition ?? engine.edition }
        : engine,
    stata_available: isStata && probe?.type !== 'unproven',
    probe: probe?.type ?? 'not-probed',
    problem: probe?.type === 'unproven' ? probe.problem : null,
    looked: looked.map((place) => ({ ...place })),
  }
}
