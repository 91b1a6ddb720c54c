import { createRoute53ZoneStore } from '../../../lib/adapters/aws/route53-zone-store.ts';
import type { ZoneStore } from '../../../lib/app/ports/zone-store.ts';
import type { ZoneFailure } from '../../../lib/core/dns/zone-reading.ts';
import type { Fault } from '../../../lib/local/route53/faults.ts';
import { brokenTransport } from '../broken-transport.ts';
import { type Check, type Heading, mustEqual, mustSay, needing } from '../check.ts';
import type { Steps } from '../steps.ts';

const host = '@ 60 A 10.0.4.12';
const skewMs = 10 * 60_000;

/** Sends the batch once, without the steps' own patience, and expects a failure of this kind, said so. */
const mustFail = async (
  { zone, name, signal }: Steps,
  store: ZoneStore,
  kind: ZoneFailure['kind'],
  said = /./,
): Promise<void> => {
  const recordSet = { name, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] };
  const result = await store.submit(zone.id, [{ action: 'CREATE', recordSet }], 'conformance', signal);
  mustEqual(result.kind === 'failed' && result.failure.kind, kind);
  if (result.kind === 'failed')
    mustSay(
      ['code' in result.failure ? `${result.failure.code} ${result.failure.message}` : result.failure.message],
      [said],
    );
};

/** A write that the service is told to fail: nothing is changed, and the same write then succeeds. */
const failing = (title: string, fault: Fault, kind: ZoneFailure['kind'], said: RegExp): Check =>
  needing(
    ['faults'],
    `${title}: nothing is changed, the adapter says "${kind}" and does not send again by itself`,
    async (steps) => {
      steps.subject.faults?.next(fault, { operation: 'ChangeResourceRecordSets' });
      await mustFail(steps, steps.subject.store, kind, said);
      await steps.has();
      await steps.reach(host);
    },
  );

/** The adapter with one setting of its client changed. */
const storeWith = ({ subject: { http } }: Steps, over: object): ZoneStore =>
  createRoute53ZoneStore({ clientConfig: { ...http?.clientConfig, ...over } });

const broken = (title: string, breaks: 'before-request' | 'after-answer', left: readonly string[]): Check =>
  needing(['http'], title, async (steps) => {
    const requestHandler = brokenTransport(steps.subject.http?.clientConfig ?? {}, breaks);
    await mustFail(steps, storeWith(steps, { requestHandler }), 'unreachable');
    await steps.has(...left);
    await steps.reach(host);
  });

const skewed = (title: string, systemClockOffset: number): Check =>
  needing(['http'], title, async (steps) => {
    const store = storeWith(steps, { systemClockOffset });
    await mustFail(steps, store, 'busy');
    await steps.has();
    const recordSet = { name: steps.name, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] };
    mustEqual(
      (await store.submit(steps.zone.id, [{ action: 'CREATE', recordSet }], 'conformance', steps.signal)).kind,
      'accepted',
    );
    await steps.has(host);
  });

/** What goes wrong between the adapter and the zone. */
export const faults: Heading = {
  heading: 'Faults',
  checks: [
    failing('Throttling', { kind: 'throttle' }, 'busy', /^Throttling/),
    failing('PriorRequestNotComplete', { kind: 'prior-request-not-complete' }, 'busy', /^PriorRequestNotComplete/),
    failing('AccessDenied', { kind: 'access-denied' }, 'denied', /route53:ChangeResourceRecordSets/),
    failing('HTTP 500', { kind: 'server-error', statusCode: 500 }, 'unreachable', /HTTP 500/),
    failing('HTTP 503', { kind: 'server-error', statusCode: 503 }, 'unreachable', /HTTP 503/),
    broken(
      'the connection is reset before the request: nothing is changed, and the same write then succeeds',
      'before-request',
      [],
    ),
    broken('the response is lost after the commit: reading shows that it landed', 'after-answer', [host]),
    needing(
      ['control'],
      'a change of a protected record, or of a protected name without record, is refused with the comment',
      async (steps) => {
        const { subject, zone, name, reach, has } = steps;
        subject.control?.protect(zone.id, name, 'A', 'ask the network team');
        await mustFail(steps, subject.store, 'denied', /ask the network team/);
        await has();
        await reach('@ 60 AAAA fd00::1');
      },
    ),
    skewed('a clock that is 10 minutes slow is refused once, then corrected', -skewMs),
    skewed('a clock that is 10 minutes fast is refused once, then corrected', skewMs),
  ],
};
