import { isEnded, type Run } from '@tailgate/client'
import { useQuery } from '@tanstack/react-query'
import { ChartLine } from 'lucide-react'
import { useMemo } from 'react'
import { EmptyState } from '../design/EmptyState.tsx'
import { rateQuery } from '../gateway/queries.ts'
import { EarlierRuns } from './EarlierRuns.tsx'
import { describeRates, lineRates, logGrowth } from './line-rates.ts'
import { TimePlot } from './TimePlot.tsx'

/** How the run has gone over its time, and how it compares with earlier runs of the same do-file. */
export function PlotsPane({ run }: { run: Run }) {
  const { data: rate } = useQuery(rateQuery(run))
  const plots = useMemo(() => (rate === undefined ? null : { rates: lineRates(rate), growth: logGrowth(rate) }), [rate])
  if (plots === null) return <p className="p-4 text-ink-faint">Loading…</p>
  return (
    <div className="grid gap-6 p-4">
      {plots.rates.seconds.length === 0 ? (
        <EmptyState icon={ChartLine} title={isEnded(run.state) ? 'No plot' : 'No plot yet'}>
          {isEnded(run.state)
            ? 'Nothing was noted of how this log grew.'
            : 'The first point comes two seconds after the start.'}
        </EmptyState>
      ) : (
        <>
          <TimePlot
            title="Lines per second"
            description={describeRates(plots.rates, run.log.lines)}
            series={plots.rates}
            formatValue={compact}
          />
          <TimePlot
            title="Lines in the log"
            description="A flat stretch is a command that took long without saying anything."
            series={plots.growth}
            formatValue={compact}
          />
        </>
      )}
      <EarlierRuns run={run} />
    </div>
  )
}

function compact(value: number): string {
  return value.toLocaleString('en-US', { notation: 'compact', maximumFractionDigits: 1 })
}
