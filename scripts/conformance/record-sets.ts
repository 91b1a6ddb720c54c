import type { Change } from '@aws-sdk/client-route-53';
import type { RecordChange, RecordSet } from '../../lib/core/dns/record-set.ts';

/** A simple record set of 60 s. */
export const set = (name: string, type: string, values: readonly string[], ttlSeconds = 60): RecordSet => ({
  name,
  type,
  ttlSeconds,
  values,
});

/** An A set of 60 s. */
export const a = (name: string, ...addresses: readonly string[]): RecordSet => set(name, 'A', addresses);

export const create = (recordSet: RecordSet): RecordChange => ({ action: 'CREATE', recordSet });
export const remove = (recordSet: RecordSet): RecordChange => ({ action: 'DELETE', recordSet });

/** A change as the SDK wants it, with a name or an action that the adapter would not send. */
export const raw = (action: string, recordSet: RecordSet): Change => ({
  Action: action as Change['Action'],
  ResourceRecordSet: {
    Name: recordSet.name,
    Type: recordSet.type as 'A',
    TTL: recordSet.ttlSeconds,
    ResourceRecords: recordSet.values.map((Value) => ({ Value })),
  },
});

/** An address of 10.0.0.0/8 for each index below 2^16. */
export const addressOf = (index: number): string => `10.1.${index >> 8}.${index & 255}`;
