/**
 * How much one caller, and all of them, may ask of the gateway. Over a limit a request is refused before anything
 * starts; runs and streams that are going on are not touched. Units are in the names.
 */

/** Sockets that may be open; further ones are closed at once. Room for every stream, with requests beside them. */
export const MAX_CONNECTIONS = 4_096

/** Streams that may be open in all. Each costs a socket and, while it lags, one delivery. */
export const MAX_STREAMS = 2_000

/** Streams that one caller may have open: a browser takes six per gateway, a script may watch many runs. */
export const MAX_STREAMS_PER_CLIENT = 200

/** What a caller that has too many streams is told to wait. */
export const STREAMS_RETRY_AFTER_SECONDS = 15

/** Requests that one caller may send in a minute. A dashboard that scrolls through a log sends a few a second. */
export const MAX_REQUESTS_PER_MINUTE = 1_200

/** Bytes of a request's head: the request line and all headers. Node's own default, written down. */
export const MAX_HEADER_BYTES = 16 * 1024

/** Headers of one request; further ones are dropped unread. */
export const MAX_HEADERS = 100

/** The head of a request must be here after this long, or its connection is closed (slowloris). */
export const HEADERS_TIMEOUT_MS = 10_000

/** A whole request, its body too, must be here after this long. */
export const REQUEST_TIMEOUT_MS = 30_000

/** Searches that may scan logs at the same time; further ones wait. */
export const MAX_CONCURRENT_SEARCHES = 4

/** A search answers with what it has after this long. */
export const SEARCH_TIME_MS = 5_000
