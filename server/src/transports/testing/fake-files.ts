import { err, type FileList, ok, type Source, TailgateError } from '@tailgate/shared'
import type { FileBrowser } from '../../files/file-browser.ts'

export const SAMPLE_SOURCE: Source = {
  path: '/p/main.do',
  text: 'display 1\n',
  bytes: 10,
  modifiedAt: '2025-01-01T00:00:00.000Z',
  truncated: false,
}

export const SAMPLE_DIRECTORY: FileList = {
  path: '/p',
  parent: null,
  entries: [{ name: 'main.do', path: '/p/main.do', kind: 'do-file', bytes: 10, modifiedAt: SAMPLE_SOURCE.modifiedAt }],
  truncated: false,
}

/** One directory with one do-file. */
export const fakeFiles: FileBrowser = {
  list: async (path) => (path === undefined || path === '/p' ? ok(SAMPLE_DIRECTORY) : outside()),
  read: async (path) => (path === '/p/main.do' ? ok(SAMPLE_SOURCE) : outside()),
}

function outside() {
  return err(new TailgateError('forbidden', 'Not under an allowed root.', { details: { parameter: 'path' } }))
}
