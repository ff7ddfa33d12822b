import type { ReactNode } from 'react'
import { Button } from './Button.tsx'
import { ModalDialog } from './ModalDialog.tsx'

export type ConfirmDialogProps = {
  title: string
  children: ReactNode
  /** What the button does, in the words of the question. */
  confirm: string
  onConfirm: () => void
  onClose: () => void
}

/** Asks before something that cannot be undone. The way out is focused, not the deed. */
export function ConfirmDialog({ title, children, confirm, onConfirm, onClose }: ConfirmDialogProps) {
  return (
    <ModalDialog title={title} role="alertdialog" onClose={onClose}>
      <div className="text-ink-soft">{children}</div>
      <div className="mt-5 flex flex-row-reverse gap-2">
        <Button
          look="danger"
          onPress={() => {
            onClose()
            onConfirm()
          }}
        >
          {confirm}
        </Button>
        <Button autoFocus onPress={onClose}>
          Keep it
        </Button>
      </div>
    </ModalDialog>
  )
}
