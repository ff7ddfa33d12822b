/** Tailgate's mark: lines of a log, and the one that is being written. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="20" height="20" aria-hidden="true">
      <rect width="32" height="32" rx="7" className="fill-accent" />
      <path d="M8 10h16M8 16h11M8 22h6" className="stroke-accent-ink" strokeWidth="2.8" strokeLinecap="round" />
      <circle cx="22" cy="22" r="3.2" className="fill-accent-ink" />
    </svg>
  )
}
