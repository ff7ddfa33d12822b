/**
 * What a path tells about the Stata behind it: a guess, for the time before the probe has asked Stata itself.
 */

/** Edition and version of a Stata; null where nothing tells. */
export type Edition = {
  /** `MP`, `SE`, `BE` or `IC`. */
  readonly edition: string | null
  /** Such as `19` or `19.5`. */
  readonly version: string | null
}

const EXECUTABLE_EDITION = /stata-?(mp|se|be|ic)(?:-64)?(?:\.exe)?$/i
const FOLDER_VERSION = /stata(?:now)?[ -]?(\d{1,2})(?:\.(\d))?(?=[\\/]|$)/gi

/** Reads edition and version off the path of an executable. */
export function editionFromPath(file: string): Edition {
  const edition = EXECUTABLE_EDITION.exec(file)?.[1]?.toUpperCase() ?? null
  const [, major, minor] = [...file.matchAll(FOLDER_VERSION)].at(-1) ?? []
  const version = major === undefined ? null : minor === undefined ? major : `${major}.${minor}`
  return { edition, version }
}

/**
 * Names the edition from what Stata answers: `c(edition_real)` since 17, `c(flavor)` (`IC` or `Small`) and the flags
 * `c(MP)` and `c(SE)` before. Null for an answer we do not know.
 */
export function editionFromAnswers(answers: {
  readonly editionReal: string
  readonly flavor: string
  readonly mp: string
  readonly se: string
}): string | null {
  const told = answers.editionReal.toUpperCase()
  if (/^(?:MP|SE|BE|IC)$/.test(told)) return told
  if (answers.mp === '1') return 'MP'
  if (answers.se === '1') return 'SE'
  const flavor = answers.flavor.toUpperCase()
  return flavor === 'BE' || flavor === 'IC' ? flavor : null
}
