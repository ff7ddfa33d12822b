import type { Engine, EngineInfo } from '@tailgate/shared'

/** The part of `tailgate doctor` about the engine, as text for a terminal. */
export function doctorReport(info: EngineInfo): string {
  const { engine, looked } = info
  const lines = [
    `Engine    ${engineName(engine)}`,
    `Path      ${engine.path}`,
    `Starts    ${STARTS[info.probe]}`,
    ...(info.problem === null ? [] : [`Problem   ${info.problem}`]),
    '',
    'Looked, in this order:',
    ...looked.map(({ where, path, result }, index) =>
      [`  ${index + 1}. ${where}`, ...(path === null ? [] : [path]), result].join(' | '),
    ),
    '',
    `What to do: ${advice(info)}`,
  ]
  return `${lines.join('\n')}\n`
}

const STARTS: Readonly<Record<EngineInfo['probe'], string>> = {
  proven: 'yes: it ran a do-file and its log was read',
  unproven: 'no',
  'not-probed': 'not tried',
}

/** Such as `Stata 19.5 MP`, or what the stand-in is. */
export function engineName({ kind, version, edition }: Engine): string {
  const words = [kind === 'stata' ? 'Stata' : 'Stand-in', version, edition].filter((word) => word !== null)
  return `${words.join(' ')}${kind === 'standin' ? ' (not Stata: it knows a small part of the language)' : ''}`
}

function advice({ engine, probe }: EngineInfo): string {
  const give = 'tailgate serve --stata PATH, or the environment variable TAILGATE_STATA'
  if (probe === 'unproven') {
    return engine.kind === 'stata'
      ? `see the problem above. If this is the wrong Stata, give the right one: ${give}.`
      : 'see the problem above; the stand-in is part of Tailgate, so its installation is damaged. Install it again.'
  }
  if (engine.kind === 'standin') return `to run real Stata, install it, or tell where it is: ${give}.`
  return probe === 'proven' ? 'nothing, Stata is ready.' : 'nothing is known to be wrong; Stata was not started.'
}
