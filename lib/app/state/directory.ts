import * as z from 'zod';
import type { Registered } from '../../core/endpoint/registered.ts';
import { definitionSchema } from '../../core/ledger/entry-schema.ts';
import type { ChangeState } from '../../core/ledger/fold.ts';
import { boundedResult } from '../../core/probe-report/bounded-report.ts';
import type { Probed } from '../../core/probe-report/report.ts';
import { probeResultSchema } from '../../core/probe-report/report-schema.ts';
import type { Json, StateItem, StateStore } from '../ports/state-store.ts';
import { asJson, collectionOf } from './collection.ts';

export const directory = 'directory';
const probes = 'probes';

const registeredSchema = z.object({
  definition: definitionSchema,
  changeId: z.string(),
  userId: z.string(),
  at: z.string(),
});
const probedSchema = z.object({ at: z.string(), result: probeResultSchema });

const registeredNames = collectionOf(directory, registeredSchema);

/** A name as the directory keeps it. */
export const directoryItem = (registered: Registered): StateItem =>
  registeredNames.item(registered.definition.hostname, registered);

/** What an applied change makes of the directory's item; undefined where it leaves nothing registered. */
export const registeredByChange = ({
  plan,
  changeId,
  actor,
  finishedAt,
  requestedAt,
}: ChangeState): Registered | undefined =>
  plan.definitionAfter && {
    definition: plan.definitionAfter,
    changeId,
    userId: actor.userId,
    at: finishedAt ?? requestedAt,
  };

/** Takes a name out of the directory. */
export const unregister = registeredNames.remove;

/** Brings the directory in line with an applied change. */
export const registerChange = async (state: StateStore, change: ChangeState, signal: AbortSignal): Promise<void> => {
  const registered = registeredByChange(change);
  if (registered === undefined) return unregister(state, change.plan.hostname, signal);
  await state.put(directoryItem(registered), false, signal);
};

/** An item of the directory; undefined if it cannot be read. */
export const readRegistered = (value: Json): Registered | undefined => registeredSchema.safeParse(value).data;

/** A registered hostname; undefined where it is not registered. */
export const registeredAs = registeredNames.read;

/** Every registered hostname, in alphabetical order. */
export const listRegistered = async (state: StateStore, signal: AbortSignal): Promise<readonly Registered[]> => [
  ...(await registeredNames.list(state, signal)).values(),
];

/** A probe as an item of the state table can hold it. */
export const probedJson = ({ at, result }: Probed): Json => asJson({ at, result: boundedResult(result) });

export const saveProbe = async (
  state: StateStore,
  hostname: string,
  probed: Probed,
  signal: AbortSignal,
): Promise<void> => {
  await state.put({ collection: probes, key: hostname, value: probedJson(probed) }, false, signal);
};

/** Reads what `probedJson` wrote; undefined where this version cannot. */
export const asProbed = (value: Json | undefined): Probed | undefined => probedSchema.safeParse(value).data;

/** The last probe of a hostname, and those of all hostnames. */
export const { read: lastProbe, list: lastProbes } = collectionOf(probes, probedSchema);
