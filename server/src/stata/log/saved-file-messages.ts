/** What Stata and its usual add-ons print when they have written a file. */

/** What kind of file it is: the kinds of the wire's artifacts. */
export type SavedFileKind = 'graph' | 'dataset' | 'table' | 'document' | 'log' | 'other'

export type SavedFileMessage = {
  /** As printed, possibly relative. */
  readonly path: string
  readonly kind: SavedFileKind
}

const BY_EXTENSION: Readonly<Record<string, SavedFileKind>> = {
  gph: 'graph',
  png: 'graph',
  eps: 'graph',
  ps: 'graph',
  svg: 'graph',
  emf: 'graph',
  wmf: 'graph',
  tif: 'graph',
  tiff: 'graph',
  gif: 'graph',
  jpg: 'graph',
  jpeg: 'graph',
  pict: 'graph',
  dta: 'dataset',
  dtas: 'dataset',
  csv: 'dataset',
  tsv: 'dataset',
  raw: 'dataset',
  dct: 'dataset',
  txt: 'dataset',
  xpt: 'dataset',
  parquet: 'dataset',
  xls: 'table',
  xlsx: 'table',
  tex: 'table',
  pdf: 'document',
  doc: 'document',
  docx: 'document',
  rtf: 'document',
  htm: 'document',
  html: 'document',
  md: 'document',
  smcl: 'log',
  log: 'log',
}

/** Messages that name one file; the first group is its path. Together with the kind when the wording settles it. */
const MESSAGES: readonly (readonly [RegExp, SavedFileKind | null])[] = [
  [/^\(?file (.+?) (?:saved as|written in) (?:PNG|PDF|EPS|PS|SVG|EMF|WMF|TIFF?|GIF|JPE?G) format\)?$/i, 'graph'],
  [/^\(?file (.+?) (?:saved as|written in) \.?\w+ format\)?$/i, null],
  [/^\(?file (.+?) (?:saved|written|created|replaced)\)?\.?$/i, null],
  [/^\(output written to (.+)\)$/i, 'table'],
  [/^\(?(?:table|tables|output|results?) (?:output )?(?:written|saved|exported) to:? (?:file )?(.+?)\)?$/i, 'table'],
  [/^\(collection .+? exported to file (.+)\)$/i, null],
  [/^successfully (?:created|replaced|appended to|converted .+ to) (".+"|\S+)$/i, 'document'],
  [/^click to open file:\s+(.+)$/i, 'table'],
  [/^(?:.{1,40} )?saved (?:to|in|as) (?:file )?("[^"]+"|\S+\.\w{1,5})\.?$/i, null],
]

/** The longest path that is believed; PATH_MAX on Linux. */
const MAX_PATH_CHARS = 4_096

/** Names that Stata gives its temporary files, which are gone when it ends. */
const TEMPORARY = /(?:^|[\\/])(?:St\d{4,}\.[0-9a-z]{6}|ST_?[0-9a-f]{4,}(?:_[0-9a-f]+)?\.tmp)$/i

/** The file that a message tells of; null when it tells of none, or of a temporary one. */
export function savedFileMessage(message: string): SavedFileMessage | null {
  for (const [pattern, kind] of MESSAGES) {
    const match = pattern.exec(message)
    if (match !== null) return savedFile(match[1] ?? '', kind)
  }
  return null
}

/** A path as printed, with the kind that its extension tells unless another is given. */
export function savedFile(printed: string, kind: SavedFileKind | null): SavedFileMessage | null {
  const path = printed.trim().replace(/^`?"(.*?)"'?$/, '$1')
  if (path === '' || path.length > MAX_PATH_CHARS || TEMPORARY.test(path)) return null
  if (/^(?:already|not|could|has|was|is)\b/i.test(path)) return null
  return { path, kind: kind ?? kindOf(path) }
}

function kindOf(path: string): SavedFileKind {
  const extension = /\.([A-Za-z]{1,8})$/.exec(path)?.[1]?.toLowerCase()
  return (extension === undefined ? undefined : BY_EXTENSION[extension]) ?? 'other'
}
