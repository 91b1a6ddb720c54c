import { afterEach, beforeEach, expect } from 'vitest';
import type { SubmitResult, ZoneStore } from '../../lib/app/ports/zone-store.ts';
import type { RecordChange, RecordSet } from '../../lib/core/dns/record-set.ts';
import type { LocalRecordSet } from '../../lib/local/route53/record-set.ts';
import type { ZoneSeed } from '../../lib/local/route53/zone.ts';

/** How long a change of the contract's service stays PENDING. */
export const contractInsyncDelayMs = 30_000;

/** A VPC of the contract's zones. */
export const vpc = (id: string) => ({ id, region: 'eu-central-1' });

/** Zones that every implementation under the contract begins with. */
export const contractZones: readonly ZoneSeed[] = [
  { id: 'ZCORP', name: 'corp.internal', vpcs: [vpc('vpc-1'), vpc('vpc-2')] },
  { id: 'ZBELOW', name: 'mail.corp.internal', vpcs: [vpc('vpc-2')] },
  { id: 'ZTWIN', name: 'corp.internal', vpcs: [vpc('vpc-1'), vpc('vpc-2')] },
  { id: 'ZELSEWHERE', name: 'corp.internal', vpcs: [vpc('vpc-9')] },
  { id: 'ZNEIGHBOUR', name: 'fooocorp.internal', vpcs: [vpc('vpc-1')] },
  { id: 'ZABOVE', name: 'internal', vpcs: [vpc('vpc-1')] },
  { id: 'ZPUBLIC', name: 'example.com', isPrivate: false },
];

/** A ZoneStore over a service that holds `contractZones`. */
export type ZoneStoreHarness = {
  readonly store: ZoneStore;
  /** Puts record sets into ZCORP past the store, as another tool would. */
  put(recordSets: readonly LocalRecordSet[]): void;
  /** Moves the service's clock on. */
  advance(milliseconds: number): Promise<void>;
  close(): Promise<void>;
};

/** The zone that the contract writes to, and a name in it. */
export const zoneId = 'ZCORP';
export const name = 'gitlab.corp.internal';

/** A simple record set, at `name` unless told. */
export const set = (type: string, values: readonly string[], over: Partial<RecordSet> = {}): RecordSet => ({
  name,
  type,
  ttlSeconds: 60,
  values,
  ...over,
});
/** An A set of one address. */
export const a = (address: string, over: Partial<RecordSet> = {}): RecordSet => set('A', [address], over);
/** A marker as postal-endpoint puts beside `name`. */
export const marker: RecordSet = set('TXT', ['"v=1 generation=1"'], { name: `_postal-endpoint.${name}` });

export const create = (recordSet: RecordSet): RecordChange => ({ action: 'CREATE', recordSet });
export const remove = (recordSet: RecordSet): RecordChange => ({ action: 'DELETE', recordSet });

/** A signal that never aborts. */
export const { signal } = new AbortController();

/** What the tests of the contract do with the store of the running test. */
export type ContractSteps = {
  harness(): ZoneStoreHarness;
  submit(...changes: readonly RecordChange[]): Promise<SubmitResult>;
  /** Submits, expects acceptance, returns the change id. */
  accept(...changes: readonly RecordChange[]): Promise<string>;
  /** Submits, expects `invalid`, returns the messages. */
  refusal(...changes: readonly RecordChange[]): Promise<readonly string[]>;
  read(...names: readonly string[]): Promise<readonly RecordSet[]>;
};

/** Starts a harness for every test of the surrounding describe, and closes it. */
export const useHarness = (start: () => Promise<ZoneStoreHarness>): ContractSteps => {
  let running: ZoneStoreHarness;
  beforeEach(async () => {
    running = await start();
  });
  afterEach(() => running.close());

  const submit = (...changes: readonly RecordChange[]) => running.store.submit(zoneId, changes, 'contract', signal);
  return {
    harness: () => running,
    submit,
    accept: async (...changes) => {
      const result = await submit(...changes);
      expect(result).toEqual({ kind: 'accepted', changeInfoId: expect.stringMatching(/^C[A-Z0-9]+$/) });
      return result.kind === 'accepted' ? result.changeInfoId : '';
    },
    refusal: async (...changes) => {
      const result = await submit(...changes);
      expect(result.kind).toBe('invalid');
      return result.kind === 'invalid' ? result.messages : [];
    },
    read: async (...names) => {
      const result = await running.store.readNames(zoneId, names, signal);
      if (!result.ok) throw new Error(`${result.failure.kind}: ${result.failure.message}`);
      return result.value;
    },
  };
};
