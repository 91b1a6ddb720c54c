import { bad, type Examined, good, unsure } from '../../core/base/examined.ts';
import { markerName } from '../../core/dns/marker.ts';
import { auditStream } from '../../core/ledger/entry.ts';
import type { PolicyDocument } from '../../core/policy/policy.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * Whether this function may change the zone, without changing it: it deletes a record that does not exist. Route 53 answers "not found" to a role with the
 * right, and AccessDenied to one without.
 */
export const examineZoneRights = async (
  { zones }: Pick<Ports, 'zones'>,
  { id, name }: PolicyDocument['zones'][number],
  requestId: string,
  signal: AbortSignal,
): Promise<Examined> => {
  const what = `zone ${name}, right to change`;
  const recordSet = {
    name: markerName(`doctor-${requestId.slice(0, 8)}.${name}`),
    type: 'TXT',
    ttlSeconds: 60,
    values: [`"${requestId}"`],
  };
  const result = await zones.submit(id, [{ action: 'DELETE', recordSet }], `doctor ${requestId}`, signal);
  if (result.kind === 'invalid') return good(what, 'a test request that changes nothing was allowed');
  if (result.kind === 'accepted')
    return bad(
      what,
      'Route 53 accepted a test request that it should have refused',
      'Report this as a bug of the bot.',
    );
  const { failure } = result;
  return failure.kind === 'denied' || failure.kind === 'no-such-zone'
    ? bad(what, failure.message, 'Package and deploy again: the worker’s role is generated from policy.json.')
    : unsure(what, failure.message, 'Try again in a minute.');
};

const stored = async (what: string, act: () => Promise<string>): Promise<Examined> => {
  try {
    return good(what, await act());
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return bad(what, detail, 'Compare the worker’s role and the table names with serverless.yml.');
  }
};

/** Whether both tables can be read and written. The ledger is tested by writing its last entry again, which changes nothing. */
export const examineTables = async (
  { ledger, state, clock }: Pick<Ports, 'ledger' | 'state' | 'clock'>,
  signal: AbortSignal,
) =>
  Promise.all([
    stored('ledger', async () => {
      const head = await ledger.head(auditStream, signal);
      if (head === undefined) return 'can be read; not tested for writing, because nothing was announced yet';
      await ledger.append(head, signal);
      return `can be read and appended to; ${head.sequence} ${head.sequence === 1 ? 'announcement' : 'announcements'}`;
    }),
    stored('state table', async () => {
      const expiresAt = Math.floor(clock.now() / 1000) + 60;
      await state.put({ collection: 'doctor', key: 'trial', value: clock.now(), expiresAt }, false, signal);
      const read = await state.get('doctor', 'trial', signal);
      if (read === undefined) throw new Error('what was written could not be read back');
      await state.remove('doctor', 'trial', signal);
      return 'can be read and written';
    }),
  ]);
