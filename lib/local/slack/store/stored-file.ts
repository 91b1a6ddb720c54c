import type { StoredFile } from './workspace.ts';

const mimeTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  csv: 'text/csv',
  json: 'application/json',
  jsonl: 'application/jsonl',
  txt: 'text/plain',
};

/** By the extension of its name. */
export const mimeTypeOf = (name: string): string =>
  mimeTypes[/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream';

/** Whether a message shows it, instead of its name. */
export const isPicture = ({ mimeType }: Pick<StoredFile, 'mimeType'>): boolean => mimeType.startsWith('image/');

/** Where the page has a file, after the page's own address. */
export const placeOfFile = (id: string): string => `page/file?id=${id}`;
