/** Room for MAX_ARGS arguments of MAX_ARG_LENGTH characters, two bytes each; a longer body is refused (413). */
export const MAX_BODY_BYTES = 2 * 1024 * 1024
