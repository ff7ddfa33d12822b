import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { IconButton } from './Button.tsx'

export type ModalDialogProps = {
  title: string
  role?: 'dialog' | 'alertdialog'
  /** `wide` for sheets and pictures. */
  width?: 'normal' | 'wide'
  children: ReactNode
  onClose: () => void
}

const WIDTH = { normal: 'max-w-md', wide: 'max-w-4xl' }

/** A dialog over the page, open for as long as it is rendered. */
export function ModalDialog({ title, role = 'dialog', width = 'normal', children, onClose }: ModalDialogProps) {
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => open || onClose()}
      className="fixed inset-0 z-50 grid place-items-center bg-scrim p-4"
    >
      <Modal
        className={`flex max-h-full w-full flex-col rounded-lg border border-line bg-raised shadow-overlay ${WIDTH[width]}`}
      >
        <Dialog role={role} className="flex min-h-0 flex-col outline-none">
          <div className="flex items-center gap-3 py-3 pr-3 pl-5">
            <Heading slot="title" className="min-w-0 grow truncate text-base font-semibold">
              {title}
            </Heading>
            <IconButton label="Close" shortcut="Esc" onPress={onClose}>
              <X size={16} aria-hidden />
            </IconButton>
          </div>
          <div className="min-h-0 overflow-auto px-5 pb-5">{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
