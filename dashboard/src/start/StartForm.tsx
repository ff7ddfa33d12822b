import { type StartRun, TailgateError } from '@tailgate/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Play, Plus, X } from 'lucide-react'
import { type FormEvent, type ReactNode, useEffect, useId, useState } from 'react'
import { useLocation } from 'wouter'
import { Button, IconButton } from '../design/Button.tsx'
import { Note } from '../design/Note.tsx'
import { baseName, directoryName } from '../format/path.ts'
import { gateway } from '../gateway/gateway.ts'
import { newRunKey } from '../gateway/run-key.ts'
import { useMayRun } from '../runs/use-run-can.ts'
import { announce } from '../shell/notices.ts'
import type { StartDraft } from './start-address.ts'

const FIELD = 'h-8 w-full rounded-md border border-line bg-raised px-2.5 font-mono text-xs placeholder:text-ink-faint'

/** How the chosen do-file is to be run. Give it another key to begin anew. */
export function StartForm({ draft }: { draft: StartDraft }) {
  const [, navigate] = useLocation()
  const queries = useQueryClient()
  const mayRun = useMayRun()
  const [file, setFile] = useState(draft.file ?? '')
  const [args, setArgs] = useState<readonly Arg[]>(() => draft.args.map(newArg))
  const [workingDir, setWorkingDir] = useState(draft.workingDir ?? '')
  const [minutes, setMinutes] = useState(draft.timeoutMs === null ? '' : String(draft.timeoutMs / 60_000))
  // One key for each form: asking twice starts once.
  const [runKey] = useState(newRunKey)

  const start = useMutation({
    mutationFn: (request: StartRun) => gateway.runs.start(request),
    onSuccess: async ({ id }) => {
      announce(`Started ${baseName(file)}.`)
      navigate(`/run/${id}`)
      await queries.invalidateQueries({ queryKey: ['runs'] })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start.mutate({
      file,
      ...(args.length === 0 ? {} : { args: args.map(({ text }) => text) }),
      ...(workingDir.trim() === '' ? {} : { workingDir: workingDir.trim() }),
      ...(minutes === '' ? {} : { timeoutMs: Number(minutes) * 60_000 }),
      // Another request is another start, so what is changed after a refusal gets another key.
      runKey: `${runKey}-${start.failureCount}`,
    })
  }
  // A new field is there because its button was pressed: that is where one types next.
  const [added, setAdded] = useState<number | null>(null)
  useEffect(() => {
    if (added !== null) document.getElementById(`arg-${added}`)?.focus()
  }, [added])
  const addArg = () => {
    const arg = newArg('')
    setArgs([...args, arg])
    setAdded(arg.id)
  }
  const changeArg = (id: number, text: string) => setArgs(args.map((arg) => (arg.id === id ? { id, text } : arg)))
  return (
    <form onSubmit={submit} className="shrink-0 border-b border-line bg-raised px-4 pt-4 pb-4">
      <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
        <Field label="Do-file" wide>
          {(id) => (
            <input
              id={id}
              required
              value={file}
              onChange={(event) => setFile(event.target.value)}
              placeholder="Choose a file, or type its path"
              spellCheck={false}
              autoComplete="off"
              className={FIELD}
            />
          )}
        </Field>
        <Field label="Working directory">
          {(id) => (
            <input
              id={id}
              value={workingDir}
              onChange={(event) => setWorkingDir(event.target.value)}
              placeholder={file === '' ? "The do-file's own" : directoryName(file) || "The do-file's own"}
              spellCheck={false}
              autoComplete="off"
              className={FIELD}
            />
          )}
        </Field>
        <Field label="Time limit">
          {(id) => (
            <span className="flex items-center gap-2">
              <input
                id={id}
                type="number"
                min="0"
                step="any"
                inputMode="decimal"
                value={minutes}
                onChange={(event) => setMinutes(event.target.value)}
                placeholder="None"
                aria-describedby={`${id}-unit`}
                className={`${FIELD} max-w-28`}
              />
              <span id={`${id}-unit`} className="text-ink-soft">
                minutes
              </span>
            </span>
          )}
        </Field>
        <fieldset className="sm:col-span-2">
          <legend className="mb-1 text-xs font-medium text-ink-soft">Arguments</legend>
          <div className="flex flex-wrap items-center gap-2">
            {args.map(({ id, text }, index) => (
              <span key={id} className="flex items-center rounded-md border border-line bg-raised">
                <label htmlFor={`arg-${id}`} className="pl-2 font-mono text-xs text-ink-faint">
                  <span className="sr-only">Argument </span>
                  {index + 1}
                </label>
                <input
                  id={`arg-${id}`}
                  value={text}
                  onChange={(event) => changeArg(id, event.target.value)}
                  spellCheck={false}
                  className="h-8 w-32 rounded-md bg-transparent px-2 font-mono text-xs"
                />
                <IconButton
                  label={`Remove argument ${index + 1}`}
                  onPress={() => setArgs(args.filter((arg) => arg.id !== id))}
                >
                  <X size={14} aria-hidden />
                </IconButton>
              </span>
            ))}
            <Button onPress={addArg}>
              <Plus size={14} aria-hidden />
              Add an argument
            </Button>
          </div>
        </fieldset>
      </div>
      {start.error === null ? null : (
        <div className="mt-3">
          <Note tone="bad" title="Nothing was started" announce>
            {start.error instanceof TailgateError
              ? start.error.message
              : 'Something went wrong in this page; reload it and try again.'}
          </Note>
        </div>
      )}
      <div className="mt-4 flex items-center gap-3">
        <Button type="submit" look="primary" isDisabled={start.isPending || !mayRun}>
          <Play size={14} aria-hidden />
          {file === '' ? 'Start' : `Start ${baseName(file)}`}
        </Button>
        <p className="text-xs text-ink-faint">
          {mayRun
            ? 'It runs on, whether or not anybody watches.'
            : 'Your token may watch runs, not start them: ask for one that may.'}
        </p>
      </div>
    </form>
  )
}

type Arg = { readonly id: number; readonly text: string }

let nextArgId = 1

function newArg(text: string): Arg {
  return { id: nextArgId++, text }
}

function Field({
  label,
  wide = false,
  children,
}: {
  label: string
  wide?: boolean
  children: (id: string) => ReactNode
}) {
  const id = useId()
  return (
    <div className={wide ? 'sm:col-span-2' : ''}>
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-ink-soft">
        {label}
      </label>
      {children(id)}
    </div>
  )
}
