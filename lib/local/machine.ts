import { compareReversedLabels } from '../core/dns/reversed-label-order.ts';
import { parseName } from '../core/endpoint/name.ts';
import type { LocalRoute53 } from './route53/local-route53.ts';
import type { LocalRecordSet } from './route53/record-set.ts';
import type { ServiceResult } from './route53/service-error.ts';
import type { Machine, MachineState } from './slack/page-api/machine-protocol.ts';
import type { Outcome } from './slack/page-api/page-protocol.ts';
import type { SmtpSample } from './smtp/samples.ts';

const comment = 'by hand, on the page of the local workspace';

const outcomeOf = (result: ServiceResult<unknown>): Outcome =>
  result.ok ? { ok: true } : { ok: false, error: result.error.messages.join(' ') };

const byName = (one: LocalRecordSet, other: LocalRecordSet): number => compareReversedLabels(one.name, other.name);

/** What the page may do beside Slack: the sample mail servers, and the zone behind the bot's back. Nothing of it is kept over a restart but the zone. */
export const createMachine = ({
  samples,
  hosted,
  zone,
  alerts,
}: {
  readonly samples: readonly SmtpSample[];
  readonly hosted: LocalRoute53['hosted'];
  readonly zone: { readonly id: string; readonly name: string };
  readonly alerts: MachineState['alerts'];
}): Machine => {
  const listeners = new Set<() => void>();
  const recordSets = (): readonly LocalRecordSet[] => {
    const found = hosted.get(zone.id);
    if (!found.ok) return [];
    const isOfApex = ({ name, type }: LocalRecordSet): boolean =>
      name === found.value.name && (type === 'SOA' || type === 'NS');
    return [...found.value.recordSets.values()].filter((set) => !isOfApex(set)).toSorted(byName);
  };

  return {
    state: () => ({
      servers: samples.map(({ name, description, addresses, port, isUp }) => ({
        name,
        description,
        addresses,
        port,
        isUp: isUp(),
      })),
      zone: zone.name,
      records: recordSets().map(({ name, type, ttlSeconds, values }) => ({
        name,
        type,
        ttlSeconds: ttlSeconds ?? null,
        values,
      })),
      alerts,
    }),

    setServer: async ({ name, isUp }) => {
      const sample = samples.find((each) => each.name === name);
      if (sample === undefined) return { ok: false, error: `There is no mail server ${name} here.` };
      try {
        await (isUp ? sample.start() : sample.close());
      } catch (error) {
        return {
          ok: false,
          error: `${name} did not start: ${error instanceof Error ? error.message : String(error)}.`,
        };
      }
      for (const listener of listeners) listener();
      return { ok: true };
    },

    writeRecord: ({ name, type, values, ttlSeconds }) =>
      outcomeOf(hosted.change(zone.id, [{ action: 'UPSERT', recordSet: { name, type, ttlSeconds, values } }], comment)),

    deleteRecord: ({ name, type }) => {
      const parsed = parseName(name);
      const standing = recordSets().filter((set) => parsed.ok && set.name === parsed.name && set.type === type);
      if (standing.length === 0) return { ok: false, error: `${zone.name} has no ${type} at ${name}.` };
      return outcomeOf(
        hosted.change(
          zone.id,
          standing.map((recordSet) => ({ action: 'DELETE', recordSet })),
          comment,
        ),
      );
    },

    subscribe: (listener) => {
      listeners.add(listener);
      const unsubscribe = hosted.subscribe(listener);
      return () => {
        listeners.delete(listener);
        unsubscribe();
      };
    },
  };
};
