import type { DownloadedFile, FileDownload } from '../../lib/app/ports/file-download.ts';

/** Files in memory by their address. */
export interface MemoryFileDownload extends FileDownload {
  readonly given: Map<string, DownloadedFile>;
}

/** Makes one. */
export const createMemoryFileDownload = (): MemoryFileDownload => {
  const given = new Map<string, DownloadedFile>();
  return {
    given,
    download: async (url) => given.get(url) ?? { ok: false, reason: 'gone', message: 'HTTP 404' },
  };
};
