/** `set`: the few settings that change something here, and those that are accepted because they change nothing here. */
import { MAX_OBSERVATIONS } from '../data/dataset.ts'
import { evaluateNumber } from '../expressions/evaluate.ts'
import { withThousands } from '../output/format.ts'
import type { Session } from '../session.ts'
import { StataError, syntaxError } from '../stata-error.ts'
import type { Command } from './command.ts'

/** Settings of the screen, of graphics and of limits that the stand-in does not have. */
const WITHOUT_EFFECT = new Set([
  'more',
  'varabbrev',
  'logtype',
  'graphics',
  'scheme',
  'maxvar',
  'matsize',
  'memory',
  'rmsg',
  'pagesize',
  'dp',
  'processors',
  'autotabgraphs',
  'scrollbufsize',
  'iterlog',
  'showbaselevels',
  'showemptycells',
  'showomitted',
  'niceness',
  'max_memory',
  'min_memory',
  'segmentsize',
  'maxiter',
  'adosize',
  'cformat',
  'sformat',
  'pformat',
  'reventries',
  'virtual',
  'notifyuser',
  'smoothfonts',
  'doublebuffer',
  'httpproxy',
  'timeout1',
  'timeout2',
  'rng',
  'rngstream',
  'sortseed',
  'fvlabel',
])

const MIN_LINESIZE = 40
const MAX_LINESIZE = 255

function setObservations(argument: string, session: Session): void {
  const count = Math.trunc(evaluateNumber(argument, session))
  const before = session.data.count
  if (count < before) throw new StataError(198, 'obs() must be at least the current number of observations')
  if (count > MAX_OBSERVATIONS) throw new StataError(901, 'no room to add more observations')
  session.data.grow(count)
  session.printLine(`Number of observations (_N) was ${withThousands(before)}, now ${withThousands(count)}.`)
}

export const set: Command = {
  name: 'set',
  shortest: 'set',
  run: ({ rest, session }) => {
    const [, name = '', argument = ''] = /^(\w+)\s*(.*)$/s.exec(rest) ?? []
    switch (name) {
      case '':
        throw syntaxError()
      case 'ob':
      case 'obs':
        setObservations(argument, session)
        return undefined
      case 'se':
      case 'seed':
        session.random.seed(evaluateNumber(argument, session))
        return undefined
      case 'li':
      case 'lin':
      case 'linesize': {
        const size = Math.trunc(evaluateNumber(argument, session))
        if (size < MIN_LINESIZE || size > MAX_LINESIZE) {
          throw new StataError(198, 'linesize must be between 40 and 255')
        }
        session.screen.linesize = size
        return undefined
      }
      default:
        if (WITHOUT_EFFECT.has(name)) return undefined
        throw new StataError(198, `set ${name} not allowed`)
    }
  },
}
