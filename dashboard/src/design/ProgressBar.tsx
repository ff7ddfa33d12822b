export type ProgressBarProps = {
  /** What is progressing, for screen readers. */
  label: string
  /** 0 to 1; null when the end is not known. */
  fraction: number | null
  /** What a screen reader says instead of the percentage. */
  valueText?: string | null
  /** `edge`: along the whole lower edge of what it is in, which must be positioned. */
  place?: 'own' | 'edge'
}

const PLACE = { own: 'h-1.5 rounded-full', edge: 'absolute inset-x-0 -bottom-px h-[3px]' }

export function ProgressBar({ label, fraction, valueText, place = 'own' }: ProgressBarProps) {
  const percent = fraction === null ? undefined : Math.round(fraction * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={valueText ?? undefined}
      className={`overflow-hidden bg-line ${PLACE[place]}`}
    >
      <div
        className={`h-full ${fraction === null ? 'travelling' : 'rounded-r-full bg-accent transition-[width]'}`}
        style={fraction === null ? undefined : { width: `${Math.max(1, fraction * 100)}%` }}
      />
    </div>
  )
}
