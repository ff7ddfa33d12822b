import { announce, complain } from '../shell/notices.ts'

/** Puts a text on the clipboard and says so. `what`: such as `The link`. */
export async function copyAndTell(text: string, what: string): Promise<void> {
  if (await copyText(text)) announce(`${what} is on the clipboard.`)
  else complain(new Error(`${what} could not be copied: the browser does not allow it here.`))
}

/** The modern way is there only on HTTPS and on this machine. False when it fails. */
async function copyText(text: string): Promise<boolean> {
  try {
    if (navigator.clipboard !== undefined) {
      await navigator.clipboard.writeText(text)
      return true
    }
  } catch {
    // Not allowed; the old way may be.
  }
  const area = document.createElement('textarea')
  area.value = text
  area.setAttribute('aria-hidden', 'true')
  area.style.position = 'fixed'
  area.style.opacity = '0'
  const { activeElement } = document
  document.body.append(area)
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  if (activeElement instanceof HTMLElement) activeElement.focus()
  return copied
}
