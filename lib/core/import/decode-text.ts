import type { Unreadable } from './answer.ts';

const decode = (label: string, bytes: Uint8Array, fatal = false): string =>
  new TextDecoder(label, { fatal, ignoreBOM: false }).decode(bytes);

const startsWith = (bytes: Uint8Array, mark: readonly number[]): boolean =>
  mark.every((octet, index) => bytes[index] === octet);

const anyText = (bytes: Uint8Array): string => {
  if (startsWith(bytes, [0xff, 0xfe])) return decode('utf-16le', bytes);
  if (startsWith(bytes, [0xfe, 0xff])) return decode('utf-16be', bytes);
  try {
    return decode('utf-8', bytes, true);
  } catch {
    return decode('windows-1252', startsWith(bytes, [0xef, 0xbb, 0xbf]) ? bytes.subarray(3) : bytes);
  }
};

/** The text of a file: UTF-16 where it begins with its mark, UTF-8 where it is valid, else Windows-1252; without the byte order mark. */
export const decodeText = (bytes: Uint8Array): string | Unreadable => {
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]))
    return { unreadable: 'It is a workbook or another ZIP archive. In Excel, save it as "CSV UTF-8".' };
  const text = anyText(bytes);
  return text.includes('\0')
    ? {
        unreadable:
          'It is a binary file. Give a CSV file, a zone file, or JSON lines, as UTF-8, UTF-16 or Windows-1252.',
      }
    : text;
};
