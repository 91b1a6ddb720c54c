import { createDynamoDbStateStore } from '../adapters/aws/dynamodb-state-store.ts';
import { createRoute53ZoneListing } from '../adapters/aws/route53-zone-listing.ts';
import { loadPolicy } from '../adapters/config-files.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { differenceLines } from '../app/rebuild/difference-lines.ts';
import { registryFromDns } from '../app/rebuild/from-dns.ts';
import { differencesOf } from '../app/rebuild/projection.ts';
import { directory, directoryItem, readRegistered } from '../app/state/directory.ts';
import { ConfigInvalid } from '../core/base/config-error.ts';
import type { RecordSet } from '../core/dns/record-set.ts';
import { zoneOf } from '../core/endpoint/zone-of.ts';
import type { Policy } from '../core/policy/policy.ts';
import { oneLine } from '../messages/block-kit/blocks.ts';
import { withDynamoDb } from './ledger-arguments.ts';
import { type ShellResult, UsageError } from './shell-result.ts';

const deadlineMs = 600_000;

const readPolicy = (file: string): Policy => {
  try {
    return loadPolicy(file);
  } catch (error) {
    if (error instanceof ConfigInvalid) throw new UsageError(`policy: ${error.message}`, { cause: error });
    throw error;
  }
};

const notInDns =
  'Not in DNS: the name in Postal, owner and note, who registered a name, and all history. What the directory still has of them is kept only where the marker vouches for it.';

/** Shows, and with `write` enters, the registry as the markers and records of the policy's zones tell it, for when ledger and directory are lost. */
export const rebuildFromDns = async ({
  stateTable,
  policyFile,
  write,
}: {
  readonly stateTable: string;
  readonly policyFile: string;
  readonly write: boolean;
}): Promise<ShellResult> => {
  const { zones } = readPolicy(policyFile);
  const listing = createRoute53ZoneListing();
  const signal = AbortSignal.timeout(deadlineMs);
  const recordSets: RecordSet[] = [];
  for (const zone of zones) {
    const listed = await listing.list(zone.id, signal);
    if (!listed.ok)
      return {
        text: oneLine(
          `postal-endpoint: nothing was rebuilt: zone ${zone.name} (${zone.id}): ${listed.failure.message}`,
        ),
        exitCode: 3,
      };
    // A name may be in two zones of which one lies in the other: the more specific one answers.
    recordSets.push(...listed.value.filter(({ name }) => zoneOf(name, zones)?.id === zone.id));
  }
  return withDynamoDb(`${stateTable} is not a state table`, async (client) => {
    const state = createDynamoDbStateStore({ table: stateTable, clock: systemClock, client });
    const standing = (await state.list(directory, signal)).filter(({ key }) => zoneOf(key, zones) !== undefined);
    const known = new Map(
      standing.flatMap(({ key, value }) => {
        const registered = readRegistered(value);
        return registered === undefined ? [] : [[key, registered] as const];
      }),
    );
    const found = registryFromDns(recordSets, known);
    const usable = found.filter((each) => each.kind !== 'unusable');
    const unusable = found.filter((each) => each.kind === 'unusable');
    const bare = usable.filter(({ kind }) => kind === 'bare').map(({ registered }) => registered.definition.hostname);
    // A record that cannot be read does not remove its name from the directory.
    const kept = new Set(unusable.map(({ hostname }) => hostname));
    const items = usable.map(({ registered }) => directoryItem(registered));
    const differences = differencesOf(
      { collection: directory, items, extent: 'whole' },
      standing.filter(({ key }) => !kept.has(key)),
    );
    if (write) {
      for (const difference of differences) {
        if (difference.kind === 'extra') await state.remove(directory, difference.standing.key, signal);
        else await state.put(difference.item, false, signal);
      }
    }
    const count = differences.length === 1 ? '1 difference' : `${differences.length} differences`;
    const verdict =
      differences.length === 0
        ? `is as the ${usable.length} markers of ${zones.map(({ name }) => name).join(', ')} have it.`
        : write
          ? `${count} corrected from Route 53.`
          : `${count} from Route 53. Nothing was written: --write does it.`;
    const lines = [
      ...differences.flatMap(differenceLines),
      ...unusable.map(({ hostname, why }) => `! ${hostname}: ${why}; left as it is`),
      ...bare.map(
        (hostname) =>
          `? ${hostname}: its marker's digest is of another definition: it had a name, an owner or a note, or its record was changed since`,
      ),
      `${stateTable}: ${verdict}`,
      ...(bare.length > 0 || differences.length > 0 ? [notInDns] : []),
    ];
    const isFine = unusable.length === 0 && (write || differences.length === 0);
    return { text: lines.map(oneLine).join('\n'), exitCode: isFine ? 0 : 1 };
  });
};
