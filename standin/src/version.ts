/** Version of the stand-in itself, as its log's first lines and `--version` give it. */
export const STANDIN_VERSION = '0.1.0'

/** The version of the do-file language whose wording and layout the stand-in follows. */
export const LANGUAGE_VERSION = 18
