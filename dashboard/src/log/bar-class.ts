/** The look of a bar above the lines in which one types; it shows the focus for its field. */
export const barClass =
  'flex h-10 shrink-0 items-center gap-1 border-b border-line bg-sunken pr-1.5 pl-3 has-[input:focus]:bg-raised has-[input:focus]:shadow-[inset_0_-2px_var(--accent)]'
