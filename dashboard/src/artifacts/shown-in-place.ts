import type { Artifact } from '@tailgate/client'

/** Whether a browser can show the file as a picture; of the others the gateway makes a download. */
export function isShownInPlace({ name, bytes }: Artifact): boolean {
  return bytes !== null && /\.(png|jpe?g|gif|webp|svg)$/i.test(name)
}
