/**
 * Runs parsed do-files: walks their commands and blocks, expands macros, and hands each command to the command table.
 *
 * Two ways to walk: a do-file's own lines are echoed as they run (and each command ends in a blank line); the body of a
 * loop or program was echoed when it was read and runs silently but for its output. Everything is synchronous: Stata has
 * one thread, and so a signal ends the process at once wherever it is.
 */

import type { Outcome, Runner } from './commands/command.ts'
import { findCommand } from './commands/command-table.ts'
import { type Conditional, parseConditional } from './conditionals.ts'
import { isTrue } from './expressions/evaluate.ts'
import { parseExpression } from './expressions/parse.ts'
import type { Value } from './expressions/values.ts'
import { LoopRunner, parseLoop } from './loop-runner.ts'
import { expandMacros } from './macros/expand.ts'
import { Frame } from './macros/frame.ts'
import { SessionScope } from './macros/scope.ts'
import { splitWords } from './macros/words.ts'
import { Echo } from './output/echo.ts'
import { type Prefixes, parsePrefixes, runWithPrefixes, showMessage } from './prefixes.ts'
import type { Program, Session } from './session.ts'
import {
  type BlockNode,
  innerLines,
  type ProgramNode,
  parseBlocks,
  parseProgramHeader,
  type SourceNode,
} from './source/blocks.ts'
import { type LogicalLine, readLogicalLines } from './source/logical-lines.ts'
import { StataError, syntaxError, unrecognized } from './stata-error.ts'

/** Stata allows 64 do-files and programs inside each other. */
const MAX_NESTING = 64

/** `file`: a do-file's own lines. `block`: inside an if or prefix block of one. `silent`: a loop or program body. */
type EchoMode = 'file' | 'block' | 'silent'

/** Whether an earlier branch of the if/else chain at hand has run; undefined if no `if` came before. */
interface Chain {
  taken: boolean | undefined
}

export class Interpreter implements Runner {
  readonly #session: Session
  readonly #echo: Echo
  readonly #loops: LoopRunner
  #nesting = 0

  constructor(session: Session) {
    this.#session = session
    this.#echo = new Echo(session)
    this.#loops = new LoopRunner(session)
  }

  /** Runs one command as if typed at the console: shows its error and `r(N);`, and returns the code. */
  runTopLevel(text: string): number {
    try {
      this.execute(text, new Frame())
      return 0
    } catch (error) {
      if (!(error instanceof StataError)) throw error
      this.#showFailure(error)
      return error.code
    }
  }

  runDoFile(path: string, whole: string, words: readonly string[]): Outcome {
    const bytes = this.#session.system.readFile(path)
    if (!bytes) throw new StataError(601, `file ${path} not found`)
    const nodes = parseBlocks(readLogicalLines(new TextDecoder().decode(bytes)))
    const frame = Frame.withArguments(whole, words)
    return this.#nested(() => {
      this.#session.print('\n')
      try {
        const outcome = this.#runNodes(nodes, frame, 'file')
        if (outcome === 'quit') return 'quit'
        if (outcome === 'next') this.#session.print('. \n')
      } catch (error) {
        if (!(error instanceof StataError)) throw error
        this.#showFailure(error)
        this.#session.print('\nend of do-file\n')
        throw error
      }
      this.#session.print('end of do-file\n')
      return 'next'
    })
  }

  runProgram(program: Program, whole: string): Outcome {
    const session = this.#session
    const frame = Frame.withArguments(whole, splitWords(whole))
    const outer = session.returns
    session.returns = program.isRClass ? new Map() : undefined
    try {
      const outcome = this.#nested(() => this.#runNodes(program.node.body, frame, 'silent'))
      if (session.returns) session.results = session.returns
      requireInLoop(outcome)
      return outcome === 'quit' ? 'quit' : 'next'
    } finally {
      session.returns = outer
    }
  }

  execute(text: string, frame: Frame): Outcome {
    const prefixes = parsePrefixes(text)
    if (!prefixes.isPlain) return runWithPrefixes(prefixes, this.#session, () => this.execute(prefixes.rest, frame))
    const command = prefixes.rest
    if (command === '' || command.startsWith('*')) return 'next'
    const conditional = parseConditional(command)
    if (conditional) return this.#runConditional(conditional, { taken: undefined }, (rest) => this.execute(rest, frame))
    const name = /^(?:[\p{L}_][\p{L}\p{N}_]*|!)/u.exec(command)?.[0]
    if (name === undefined) throw new StataError(199, `${command.split(/\s/)[0]} is not a valid command name`)
    const rest = command.slice(name.length).trim()
    const known = findCommand(name)
    const session = this.#session
    if (known) return known.run({ name: known.name, rest, session, frame, runner: this }) ?? 'next'
    const program = session.programs.get(name)
    if (!program) throw unrecognized(name)
    return this.runProgram(program, rest)
  }

  #nested<T>(run: () => T): T {
    if (this.#nesting >= MAX_NESTING) throw new StataError(1000, 'system limit exceeded')
    this.#nesting++
    try {
      return run()
    } finally {
      this.#nesting--
    }
  }

  #expand(text: string, frame: Frame): string {
    return expandMacros(text, new SessionScope(this.#session, frame)).trim()
  }

  #runNodes(nodes: readonly SourceNode[], frame: Frame, mode: EchoMode): Outcome {
    const chain: Chain = { taken: undefined }
    for (const node of nodes) {
      if (mode !== 'silent') this.#echo.line(node.line)
      if (node.kind === 'blank') continue
      const outcome = this.#runNode(node, frame, mode, chain)
      if (mode === 'file') requireInLoop(outcome)
      if (mode === 'file' && !(node.kind === 'command' && node.line.delimiter) && outcome !== 'quit') {
        this.#session.print('\n')
      }
      if (outcome !== 'next') return outcome
    }
    return 'next'
  }

  #runNode(node: SourceNode, frame: Frame, mode: EchoMode, chain: Chain): Outcome {
    switch (node.kind) {
      case 'blank':
        return 'next'
      case 'program':
        return this.#runProgramDefinition(node, frame, mode)
      case 'block':
        return this.#runBlock(node, frame, mode, chain)
      case 'command': {
        if (node.line.delimiter) {
          this.#session.printLine(`delimiter now ${node.line.delimiter}`)
          return 'next'
        }
        const text = this.#expand(node.line.text, frame)
        const conditional = parseConditional(text)
        if (conditional) return this.#runConditional(conditional, chain, (rest) => this.execute(rest, frame))
        chain.taken = undefined
        return this.execute(text, frame)
      }
    }
  }

  #runProgramDefinition(node: ProgramNode, frame: Frame, mode: EchoMode): Outcome {
    if (mode !== 'silent') this.#echo.numbered(innerLines(node), 1)
    if (!node.close) throw new StataError(612, 'unexpected end of file')
    const header = parsePrefixes(this.#expand(node.line.text, frame))
    const define = (): Outcome => {
      const { name, options } = parseProgramHeader(header.rest)
      if (this.#session.programs.has(name)) throw new StataError(110, `program ${name} already defined`)
      this.#session.programs.set(name, { node, isRClass: /\brc/.test(options) })
      return 'next'
    }
    return runWithPrefixes(header, this.#session, define)
  }

  #runBlock(node: BlockNode, frame: Frame, mode: EchoMode, chain: Chain): Outcome {
    const isWhile = /^(?:\w+\s+)*while\b/.test(node.header)
    const header = parsePrefixes(isWhile ? node.header : this.#expand(node.header, frame))
    if (header.rest === '') {
      // What quietly or capture hides is not echoed, not even where a noisily inside shows its output.
      const inside = mode === 'silent' || (header.visibility ?? 'all') !== 'all' ? 'silent' : 'block'
      chain.taken = undefined
      return runWithPrefixes(header, this.#session, () => this.#runBody(node, frame, inside))
    }
    const conditional = parseConditional(header.rest)
    if (conditional) {
      return this.#runConditional(
        conditional,
        chain,
        (rest) => {
          if (rest !== '') throw syntaxError()
          return this.#runBody(node, frame, mode === 'silent' ? 'silent' : 'block')
        },
        () => this.#skip(node, mode),
      )
    }
    if (mode !== 'silent') this.#echo.numbered(innerLines(node), 2)
    chain.taken = undefined
    return this.#runLoop(node, header, frame)
  }

  #runLoop(node: BlockNode, header: Prefixes, frame: Frame): Outcome {
    requireClosed(node)
    const loop = parseLoop(header.rest)
    if (!loop) throw unrecognized(header.rest.split(/\s/)[0] ?? '')
    const body = (): Outcome => this.#runNodes(node.body, frame, 'silent')
    const condition = (text: string): Value => parseExpression(this.#expand(text, frame))(this.#session.environment)
    return runWithPrefixes(header, this.#session, () => this.#loops.run(loop, frame, body, condition))
  }

  /** Runs the body of an if or prefix block and echoes its closing brace. */
  #runBody(node: BlockNode, frame: Frame, mode: EchoMode): Outcome {
    const outcome = this.#runNodes(node.body, frame, mode)
    if (outcome !== 'next') return outcome
    const close = requireClosed(node)
    if (mode !== 'silent') this.#echo.line(close)
    return 'next'
  }

  #skip(node: BlockNode, mode: EchoMode): Outcome {
    if (mode !== 'silent') for (const line of innerLines(node)) this.#echo.line(line)
    requireClosed(node)
    return 'next'
  }

  #runConditional(
    { isElse, condition, rest }: Conditional,
    chain: Chain,
    run: (rest: string) => Outcome,
    skip: () => Outcome = () => 'next',
  ): Outcome {
    if (isElse && chain.taken === undefined) throw syntaxError()
    const mayRun = !isElse || chain.taken === false
    const holds = mayRun && (condition === undefined || isTrue(condition(this.#session.environment)))
    if (condition === undefined) chain.taken = undefined
    else chain.taken = holds || (isElse && chain.taken === true)
    return holds ? run(rest) : skip()
  }

  /** The error's message, unless it is shown already, and `r(N);`. */
  #showFailure(error: StataError): void {
    showMessage(error, this.#session)
    if (error.code === 1) this.#session.printError('--Break--\n')
    this.#session.printError(`r(${error.code});\n`)
  }
}

/** `continue` belongs in a loop of the same do-file or program. */
function requireInLoop(outcome: Outcome): void {
  if (outcome === 'continue' || outcome === 'break') throw syntaxError()
}

/** The closing line, which must be there and hold nothing but the brace. */
function requireClosed(node: BlockNode): LogicalLine {
  if (!node.close) throw new StataError(612, 'unexpected end of file')
  if (node.close.text !== '}') {
    throw new StataError(198, 'program error:  code follows on the same line as close brace')
  }
  return node.close
}
