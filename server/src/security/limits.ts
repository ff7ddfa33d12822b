/**
 * How much one caller, and all of them, may ask of the gateway. Over a limit a request is refused before anything
 * starts; runs and streams that are going on are not touched. Units are in the names.
 */

/**
 * Sockets that may be open beside those of as many streams as there may be. One more closes the one that has asked for
 * nothing for longest.
 */
export const MAX_OTHER_CONNECTIONS = 2_096

/**
 * Connections that the system completes before the gateway gets to them. Beyond, it drops their first packet and the
 * caller tries again a second later, so a burst would slow down who comes after it. Well below MAX_OTHER_CONNECTIONS:
 * those that are taken together must not close each other before one of them is read. Linux takes its
 * `net.core.somaxconn` (4,096) where that is less.
 */
export const CONNECTION_BACKLOG = 1_024

/** Streams that may be open in all, unless set. Each costs a socket and, while it lags, one delivery. */
export const MAX_STREAMS = 2_000

/** Streams that one caller may have open, unless set: a browser takes six per gateway, a script may watch many runs. */
export const MAX_STREAMS_PER_CALLER = 500

/** What a caller that has too many streams is told to wait. */
export const STREAMS_RETRY_AFTER_SECONDS = 15

/**
 * Requests that one caller may send in a minute, unless set. A dashboard that scrolls through a log sends a few a
 * second. Refusals are not counted: they cost no more than telling that there were too many.
 */
export const MAX_REQUESTS_PER_MINUTE = 6_000

/**
 * Bytes of a request's head: the request line and all headers. `GET /run_file` has the path and the arguments in its
 * address: room for MAX_PATH_LENGTH characters, all escaped (36 KiB), or for a path and a working directory as long as
 * a system allows (4,096 bytes, 24 KiB together). Longer arguments want `POST`.
 */
export const MAX_HEADER_BYTES = 64 * 1024

/** Headers of one request; further ones are dropped unread. */
export const MAX_HEADERS = 100

/** The head of a request must be here after this long, or its connection is closed (slowloris). */
export const HEADERS_TIMEOUT_MS = 10_000

/** A whole request, its body too, must be here after this long. */
export const REQUEST_TIMEOUT_MS = 30_000

/** How often those two are looked at. */
export const TIMEOUT_CHECK_MS = 2_000

/** What is left of a body when its request has been answered must be here after this long. */
export const UNREAD_BODY_MS = 1_000

/** Bytes of a request's body: room for MAX_ARGS arguments of MAX_ARG_LENGTH characters, two bytes each. */
export const MAX_BODY_BYTES = 2 * 1024 * 1024
