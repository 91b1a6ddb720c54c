import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { localRecordSetSchema } from './record-set.ts';
import { indexRecordSets, type LocalZone } from './zone.ts';

const zoneSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  isPrivate: z.boolean(),
  vpcs: z.array(z.strictObject({ id: z.string(), region: z.string() })),
  comment: z.string().optional(),
  callerReference: z.string(),
  recordSets: z.array(localRecordSetSchema),
});

const changeSchema = z.strictObject({
  id: z.string(),
  submittedAtMs: z.number(),
  /** Null: PENDING for ever. */
  insyncAtMs: z.number().nullable(),
  comment: z.string().optional(),
});

const documentSchema = z.strictObject({
  version: z.literal(1),
  zones: z.array(zoneSchema),
  changes: z.array(changeSchema),
});

/** A change that was accepted, with the moment from which it is INSYNC. */
export type LocalChangeInfo = Readonly<z.infer<typeof changeSchema>>;

/** All that the local Route 53 keeps. */
export type LocalData = { readonly zones: readonly LocalZone[]; readonly changes: readonly LocalChangeInfo[] };

/** The data file is there, but it is not one that this version wrote. */
export class DataFileInvalid extends Error {
  override readonly name = 'DataFileInvalid';
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

const parseJson = (path: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DataFileInvalid(`${path} is not JSON; delete it to start with fresh zones`, { cause: error });
  }
};

/** What an earlier run saved; undefined when there is no file. Throws `DataFileInvalid`. */
export const loadData = (path: string): LocalData | undefined => {
  const text = readText(path);
  if (text === undefined) return undefined;
  const parsed = documentSchema.safeParse(parseJson(path, text));
  if (!parsed.success) {
    throw new DataFileInvalid(`${path} is not a data file of the local Route 53; delete it to start with fresh zones`, {
      cause: parsed.error,
    });
  }
  const { zones, changes } = parsed.data;
  return {
    zones: zones.map((zone) => ({ ...zone, recordSets: indexRecordSets(zone.recordSets), protections: new Map() })),
    changes,
  };
};

/** Replaces the file in one step, so that a crash leaves the old or the new one. Synchronous, so that nothing is answered before it is kept. */
export const saveData = (path: string, { zones, changes }: LocalData): void => {
  const document: z.input<typeof documentSchema> = {
    version: 1,
    zones: zones.map(({ protections: _, recordSets, vpcs, ...zone }) => ({
      ...zone,
      vpcs: [...vpcs],
      recordSets: [...recordSets.values()],
    })),
    changes: [...changes],
  };
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify(document, null, 1)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
};
