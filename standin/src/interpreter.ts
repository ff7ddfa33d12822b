/**
 * Runs parsed do-files: walks their commands and blocks, expands macros, and hands each command to the command table.
 *
 * Two ways to walk: a do-file's own lines are echoed as they run (and each command ends in a blank line); the body of a
 * loop or program was echoed when it was read and runs silently but for its output. Everything is synchronous: Stata has
 * one thread, and so a signal ends the process at once wherever it is.
 */

import type { Outcome, Runner } from './commands/command.ts'
import { findCommand } from './commands/command-table.ts'
import { parseConditional } from './conditionals.ts'
import { parseExpression } from './expressions/parse.ts'
import type { Value } from './expressions/values.ts'
import { LoopRunner, parseLoop } from './loop-runner.ts'
import { expandMacros } from './macros/expand.ts'
import { Frame } from './macros/frame.ts'
import { SessionScope } from './macros/scope.ts'
import { splitWords } from './macros/words.ts'
import { Echo } from './output/echo.ts'
import { parsePrefixes, runWithPrefixes, showMessage } from './prefixes.ts'
import type { Program, Session } from './session.ts'
import {
  type BlockNode,
  innerLines,
  type ProgramNode,
  parseBlocks,
  parseProgramHeader,
  type SourceNode,
} from './source/blocks.ts'
import { readLogicalLines } from './source/logical-lines.ts'
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
        if (this.#endOf(outcome) === 'quit') return 'quit'
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
      return this.#endOf(outcome)
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
    if (conditional) return this.#runConditional(command, { taken: undefined }, (rest) => this.execute(rest, frame))
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

  /** How a do-file or program ended, to whoever called it. `continue` belongs in a loop of its own. */
  #endOf(outcome: Outcome): Outcome {
    if (outcome === 'continue' || outcome === 'break') throw syntaxError()
    return outcome === 'quit' ? 'quit' : 'next'
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
        return parseConditional(text)
          ? this.#runConditional(text, chain, (rest) => this.execute(rest, frame))
          : this.#outsideChain(chain, () => this.execute(text, frame))
      }
    }
  }

  #outsideChain(chain: Chain, run: () => Outcome): Outcome {
    chain.taken = undefined
    return run()
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
    const body = (): Outcome => this.#runNodes(node.body, frame, mode === 'silent' ? 'silent' : 'block')
    if (header.rest === '') {
      return runWithPrefixes(header, this.#session, () => this.#closed(node, mode, body))
    }
    if (parseConditional(header.rest)) {
      return this.#runConditional(
        header.rest,
        chain,
        (rest) => {
          if (rest !== '') throw syntaxError()
          return this.#closed(node, mode, body)
        },
        () => this.#skip(node, mode),
      )
    }
    if (mode !== 'silent') this.#echo.numbered(innerLines(node), 2)
    chain.taken = undefined
    if (!node.close) throw new StataError(612, 'unexpected end of file')
    const loop = parseLoop(header.rest)
    if (!loop) throw unrecognized(header.rest.split(/\s/)[0] ?? '')
    const silentBody = (): Outcome => this.#runNodes(node.body, frame, 'silent')
    return runWithPrefixes(header, this.#session, () =>
      this.#loops.run(loop, frame, silentBody, (text) =>
        parseExpression(this.#expand(text, frame))(this.#session.environment),
      ),
    )
  }

  /** Runs a block and echoes its closing brace. */
  #closed(node: BlockNode, mode: EchoMode, body: () => Outcome): Outcome {
    const outcome = body()
    if (outcome !== 'next') return outcome
    if (!node.close) throw new StataError(612, 'unexpected end of file')
    if (node.close.text !== '}') {
      throw new StataError(198, 'program error:  code follows on the same line as close brace')
    }
    if (mode !== 'silent') this.#echo.line(node.close)
    return 'next'
  }

  #skip(node: BlockNode, mode: EchoMode): Outcome {
    if (mode !== 'silent') for (const line of innerLines(node)) this.#echo.line(line)
    if (!node.close) throw new StataError(612, 'unexpected end of file')
    return 'next'
  }

  #runConditional(
    text: string,
    chain: Chain,
    run: (rest: string) => Outcome,
    skip: () => Outcome = () => 'next',
  ): Outcome {
    const conditional = parseConditional(text)
    if (!conditional) throw new Error('Internal error: not a conditional')
    const { isElse, condition, rest } = conditional
    if (isElse && chain.taken === undefined) throw syntaxError()
    const mayRun = !isElse || chain.taken === false
    const holds = mayRun && (condition === undefined || isTrue(condition(this.#session.environment)))
    chain.taken = condition === undefined ? undefined : isElse ? chain.taken === true || holds : holds
    return holds ? run(rest) : skip()
  }

  /** The error's message, unless it is shown already, and `r(N);`. */
  #showFailure(error: StataError): void {
    showMessage(error, this.#session)
    if (error.code === 1) this.#session.printError('--Break--\n')
    this.#session.printError(`r(${error.code});\n`)
  }
}

function isTrue(value: Value): boolean {
  if (typeof value === 'string') throw new StataError(109, 'type mismatch')
  return value !== 0
}
