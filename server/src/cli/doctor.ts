import type { Configuration } from '../config.ts'
import { locateEngine } from '../locate-engine.ts'
import { doctorReport } from '../stata/engine/doctor-report.ts'
import { engineInfo } from '../stata/engine/engine-info.ts'
import { nodeProbeHost } from '../stata/engine/node-probe-host.ts'
import { probeEngine } from '../stata/engine/probe.ts'
import { VERSION } from '../version.ts'
import { complain, EXIT, print } from './terminal.ts'

/** `tailgate doctor`: tells which engine would be used and why, and whether it starts. */
export async function doctor(configuration: Configuration): Promise<number> {
  const found = await locateEngine(configuration)
  if (!found.ok) {
    complain(found.error)
    return EXIT.failed
  }
  const probe = await probeEngine(found.value, nodeProbeHost(new AbortController().signal))
  const { dataDir, roots } = configuration.settings
  print(doctorReport(engineInfo(found.value, probe)))
  print(
    [
      `Tailgate  ${VERSION}, Node.js ${process.versions.node}, ${process.platform} ${process.arch}`,
      `Data      ${dataDir}`,
      ...roots.map((root) => `Root      ${root}`),
    ].join('\n'),
  )
  return probe.type === 'proven' ? EXIT.ok : EXIT.failed
}
