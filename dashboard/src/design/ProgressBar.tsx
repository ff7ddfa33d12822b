export type ProgressBarProps = {
  /** What is progressing, for screen readers. */
  label: string
  /** 0 to 1; null when the end is not known. */
  fraction: number | null
  /** What a screen reader says instead of the percentage. */
  valueText?: string | null
}

export function ProgressBar({ label, fraction, valueText }: ProgressBarProps) {
  const percent = fraction === null ? undefined : Math.round(fraction * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={valueText ?? undefined}
      className="h-1.5 overflow-hidden rounded-full bg-line"
    >
      <div
        className={`h-full rounded-full bg-accent ${fraction === null ? 'travelling w-1/3' : 'transition-[width]'}`}
        style={fraction === null ? undefined : { width: `${Math.max(1, fraction * 100)}%` }}
      />
    </div>
  )
}
