export type Plot = { readonly name: string }
