import { zipSync } from 'fflate';

const regularReadableFile = 0o100_644;
const unix = 3;
// Zip keeps local time from 1980 on: made of local parts, it is the same bytes in every time zone.
const mtime = new Date(1980, 0, 1);

/** A zip of files by name whose bytes depend on names and contents alone, on any machine. */
export const deterministicZip = (files: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.keys(files)
        .toSorted()
        .map((name) => [name, files[name] ?? new Uint8Array()]),
    ),
    { level: 9, mtime, os: unix, attrs: regularReadableFile * 0x1_0000 },
  );
