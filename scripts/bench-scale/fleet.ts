import { makePlan, type Plan } from '../../lib/core/dns/plan.ts';
import type { RecordSet } from '../../lib/core/dns/record-set.ts';
import type { Definition } from '../../lib/core/endpoint/definition.ts';
import { parseHostname } from '../../lib/core/endpoint/hostname.ts';
import { link } from '../../lib/core/ledger/chain.ts';
import { changeIdOf } from '../../lib/core/ledger/change-id.ts';
import { type Actor, auditStream, type Entry, type EntryBody } from '../../lib/core/ledger/entry.ts';
import { fold } from '../../lib/core/ledger/fold.ts';
import { localPeople, localZone } from '../../lib/local/workspace-seed.ts';

// Endpoints with a history, made up without chance: the same for the same number and the same moment.

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
/** Days over which the endpoints were added, and then, since so many days, changed. */
const [addedOver, changedOver] = [60, 60];
const [auditChannel] = localPeople.channels;
const [maria, li] = localPeople.users;

export type Endpoint = {
  readonly index: number;
  readonly definition: Definition;
  /** Its stream in the ledger. */
  readonly entries: readonly Entry[];
};

export type Fleet = {
  readonly endpoints: readonly Endpoint[];
  /** The announcer's stream. */
  readonly audit: readonly Entry[];
  /** What the changes left in Route 53. */
  readonly recordSets: readonly RecordSet[];
};

const actor = (user: { readonly id: string; readonly name: string }): Actor => ({
  teamId: localPeople.team.id,
  userId: user.id,
  userName: user.name,
  channelId: auditChannel.id,
});

const hostnameOf = (index: number) => {
  const parsed = parseHostname(`service-${String(index).padStart(4, '0')}.mail.${localZone.name}`);
  if ('findings' in parsed) throw new Error(`endpoint ${index} has no valid name`);
  return parsed.hostname;
};

/** Eight endpoints share a machine. */
const definitionOf = (index: number, generation: number): Definition => ({
  hostname: hostnameOf(index),
  targets: { kind: 'addresses', addresses: [`127.20.${(index >> 8) & 255}.${((index >> 3) & 31) * 8 + generation}`] },
  port: 25,
  sslMode: 'Auto',
  ttlSeconds: 60,
  name: `Service ${index}`,
  owner: localPeople.users[index % 3]?.id ?? '',
});

const iso = (ms: number): string => new Date(ms).toISOString();

type Change = { readonly requestedMs: number; readonly text: string; readonly by: Actor; readonly waits?: true };

/** The entries of one change, each a second after the one before. */
const bodiesOf = (plan: Plan, changeId: string, { text, by, waits }: Change): readonly EntryBody[] => {
  const requestId = `request of ${changeId}`;
  const { verb, digest } = plan;
  const requested: EntryBody = { kind: 'requested', changeId, requestId, verb, actor: by, text, plan, warnings: [] };
  if (waits) return [requested];
  const approved: EntryBody = {
    kind: 'approved',
    changeId,
    requestId: `${requestId}, confirmed`,
    by,
    planDigest: digest,
  };
  return [
    requested,
    ...(plan.release.kind === 'at-once' ? [] : [approved]),
    { kind: 'applying', changeId, attempt: 1, deadline: plan.expiresAt },
    { kind: 'applied', changeId, changeInfoId: `/change/C${changeId.slice(-13)}` },
  ];
};

/** One endpoint: added, updated since then, muted and unmuted every other one, and of every four hundredth an update waits for a second person. */
const endpointOf = (index: number, count: number, nowMs: number): Endpoint => {
  const [first, second, third] = [1, 2, 3].map((generation) => definitionOf(index, generation));
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('there are three generations');
  const { hostname } = first;
  const entries: Entry[] = [];
  const append = (atMs: number, body: EntryBody): void =>
    void entries.push(link(entries.at(-1), hostname, iso(atMs), body));
  const change = (verb: 'add' | 'update', before: Definition | undefined, after: Definition, how: Change): void => {
    const { requestedMs, waits } = how;
    const existing = fold(entries).lastApplied?.plan.after ?? [];
    const changeId = changeIdOf(iso(requestedMs), `${how.text} ${index}`);
    const plan = makePlan({
      verb,
      hostname,
      zoneId: localZone.id,
      existing,
      definitionBefore: before,
      definitionAfter: after,
      changeId,
      generation: entries.length === 0 ? 1 : fold(entries).generation + 1,
      release:
        before === undefined
          ? { kind: 'at-once' }
          : waits
            ? { kind: 'approval', channelId: auditChannel.id, because: 'production names' }
            : { kind: 'confirmation' },
      policyVersion: 'scale',
      now: requestedMs,
    });
    for (const [step, body] of bodiesOf(plan, changeId, how).entries()) append(requestedMs + step * 1000, body);
  };
  const at = (days: number): number => nowMs - Math.round(days * dayMs) - 5 * minuteMs;
  const address = (definition: Definition): string =>
    definition.targets.kind === 'addresses' ? definition.targets.addresses.join(' ') : definition.targets.cname;
  change('add', undefined, first, {
    requestedMs: at(changedOver + addedOver * (1 - index / count)),
    text: `add ${hostname} ${address(first)} --name "${first.name}"`,
    by: actor(maria),
  });
  const updatedMs = at(changedOver * (1 - index / count));
  change('update', first, second, {
    requestedMs: updatedMs,
    text: `update ${hostname} ${address(second)}`,
    by: actor(li),
  });
  if (index % 2 === 0) {
    const [from, until] = [updatedMs + minuteMs, updatedMs + 3 * minuteMs];
    const asked = { requestId: `mute of ${index}`, actor: actor(maria), text: `mute ${hostname} 2m` };
    append(from, { kind: 'muted', ...asked, from: iso(from), until: iso(until), reason: 'a restart' });
    append(from + minuteMs, { kind: 'unmuted', ...asked, requestId: `unmute of ${index}`, text: `unmute ${hostname}` });
  }
  if (index % 400 === 399)
    change('update', second, third, {
      requestedMs: nowMs - minuteMs,
      text: `update ${hostname} ${address(third)}`,
      by: actor(li),
      waits: true,
    });
  return { index, definition: second, entries };
};

/** The audit channel's entries, one announcement for each applied change. */
const announcements = (endpoints: readonly Endpoint[]): readonly Entry[] => {
  const told = endpoints
    .flatMap(({ definition: { hostname }, entries }) => fold(entries).applied.map((change) => ({ hostname, change })))
    .toSorted((one, other) => ((one.change.finishedAt ?? '') < (other.change.finishedAt ?? '') ? -1 : 1));
  const audit: Entry[] = [];
  for (const [place, { hostname, change }] of told.entries()) {
    const { changeId, hashes, finishedAt = '', plan } = change;
    const atMs = Date.parse(finishedAt) + 2_000;
    const ts = `${Math.floor(atMs / 1000)}.${String(place).padStart(6, '0')}`;
    const permalink = permalinkOf(ts);
    const body: EntryBody = {
      kind: 'announced',
      changes: [{ hostname, changeId, hashes }],
      channelId: auditChannel.id,
      ts,
      permalink,
      textDigest: plan.digest,
    };
    audit.push(link(audit.at(-1), auditStream, iso(atMs), body));
  }
  return audit;
};

const permalinkOf = (ts: string): string =>
  `https://local.slack.com/archives/${auditChannel.id}/p${ts.replace('.', '')}`;

/** So many endpoints, with ten entries each in the ledger, their announcements included. */
export const fleetOf = (count: number, nowMs: number): Fleet => {
  const endpoints = Array.from({ length: count }, (_, index) => endpointOf(index, count, nowMs));
  return {
    endpoints,
    audit: announcements(endpoints),
    recordSets: endpoints.flatMap(({ entries }) => fold(entries).lastApplied?.plan.after ?? []),
  };
};
