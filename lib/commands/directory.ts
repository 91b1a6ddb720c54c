import * as z from 'zod';
import type { Definition } from '../endpoint/definition.ts';
import { definitionSchema } from '../ledger/entry-schema.ts';
import type { ChangeState } from '../ledger/fold.ts';
import type { ProbeResult, SmtpReply } from '../probe/report.ts';
import { probeResultSchema } from '../probe/report-schema.ts';
import type { Json, StateStore } from '../state/state-store.ts';

const directory = 'directory';
const probes = 'probes';

const registeredSchema = z.object({ definition: definitionSchema, changeId: z.string(), userId: z.string(), at: z.string() });
const probedSchema = z.object({ at: z.string(), result: probeResultSchema });

/** What the directory knows of a registered hostname: a projection of the ledger. */
export type Registered = { readonly definition: Definition; readonly changeId: string; readonly userId: string; readonly at: string };

/** The last probe of a hostname as it is registered. */
export type Probed = { readonly at: string; readonly result: ProbeResult };

const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value));

/** Brings the directory in line with an applied change. */
export const enterChange = async (
  state: StateStore,
  { plan, changeId, actor, finishedAt, requestedAt }: ChangeState,
  signal: AbortSignal,
): Promise<void> => {
  if (plan.definitionAfter === undefined) return state.remove(directory, plan.hostname, signal);
  const registered: Registered = { definition: plan.definitionAfter, changeId, userId: actor.userId, at: finishedAt ?? requestedAt };
  await state.put({ collection: directory, key: plan.hostname, value: asJson(registered) }, false, signal);
};

/** Every registered hostname, in alphabetical order. */
export const listRegistered = async (state: StateStore, signal: AbortSignal): Promise<readonly Registered[]> =>
  (await state.list(directory, signal)).map(({ value }) => registeredSchema.parse(value));

/** Octets; an item of DynamoDB holds 400 KB, and a server that talks much could make a report larger. */
const largestReport = 200_000;

/** As much of a saying as a verdict needs. */
const longestSaying = 300;
const capabilitiesKept = 40;

const shortReply = ({ lines, ...reply }: SmtpReply): SmtpReply => ({
  ...reply,
  lines: lines.slice(0, 4).map((line) => line.slice(0, longestSaying)),
});

/** A report with what the servers said cut short: its verdict stays the same. */
const withShortReplies = (result: ProbeResult): ProbeResult => {
  if (!result.ok) return result;
  const addresses = result.report.addresses.map((address) => ({
    ...address,
    ...(address.banner === undefined ? {} : { banner: address.banner.slice(0, longestSaying) }),
    capabilities: address.capabilities.slice(0, capabilitiesKept).map((capability) => capability.slice(0, longestSaying)),
    stages: address.stages.map((stage) => ({ ...stage, ...(stage.reply === undefined ? {} : { reply: shortReply(stage.reply) }) })),
  }));
  return { ok: true, report: { ...result.report, addresses } };
};

export const saveProbe = async (state: StateStore, hostname: string, probed: Probed, signal: AbortSignal): Promise<void> => {
  const isSmall = Buffer.byteLength(JSON.stringify(probed)) <= largestReport;
  await state.put(
    { collection: probes, key: hostname, value: asJson(isSmall ? probed : { ...probed, result: withShortReplies(probed.result) }) },
    false,
    signal,
  );
};

const asProbed = (value: Json): Probed | undefined => {
  const parsed = probedSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
};

/** The last probe of a hostname; one that an older version wrote and this one cannot read counts as none. */
export const lastProbe = async (state: StateStore, hostname: string, signal: AbortSignal): Promise<Probed | undefined> => {
  const item = await state.get(probes, hostname, signal);
  return item === undefined ? undefined : asProbed(item.value);
};

/** The last probes of all hostnames. */
export const lastProbes = async (state: StateStore, signal: AbortSignal): Promise<ReadonlyMap<string, Probed>> => {
  const read = (await state.list(probes, signal)).map(({ key, value }) => [key, asProbed(value)] as const);
  return new Map(read.filter((entry): entry is readonly [string, Probed] => entry[1] !== undefined));
};
