import { createRoute53ZoneStore } from '../../lib/adapters/aws/route53-zone-store.ts';
import type { ZoneFailure } from '../../lib/core/dns/zone-reading.ts';
import type { Fault } from '../../lib/local/route53/faults.ts';
import { brokenTransport } from './broken-transport.ts';
import { CannotBeTried, type Check, type Heading, mustEqual, mustSay } from './check.ts';
import { a, create } from './record-sets.ts';

const comment = 'postal-endpoint conformance';
const skewMs = 10 * 60_000;

/** A write that the service is told to fail: the failure is of this kind, nothing is changed, and the same write then succeeds. */
const failing = (title: string, fault: Fault, kind: ZoneFailure['kind'], said: RegExp): Check => ({
  title: `${title}: nothing is changed, the adapter says "${kind}" and does not send again by itself`,
  run: async ({ service: { local, store }, zone, name, signal, stands, reach }) => {
    if (local === undefined) throw new CannotBeTried('the service cannot be told to fail so');
    local.faults.next(fault, { operation: 'ChangeResourceRecordSets' });
    const result = await store.submit(zone.id, [create(a(name, '10.0.4.12'))], comment, signal);
    mustEqual(result.kind === 'failed' && result.failure.kind, kind);
    if (result.kind === 'failed')
      mustSay(
        ['code' in result.failure ? `${result.failure.code} ${result.failure.message}` : result.failure.message],
        [said],
      );
    await stands();
    await reach(a(name, '10.0.4.12'));
  },
});

/** What must be looked at, for the answer is gone. */
const broken = (title: string, breaks: 'before-request' | 'after-answer', hasLanded: boolean): Check => ({
  title,
  run: async ({ service: { clientConfig }, zone, name, signal, stands, reach }) => {
    const requestHandler = brokenTransport(clientConfig, breaks);
    const store = createRoute53ZoneStore({ clientConfig: { ...clientConfig, requestHandler } });
    const result = await store.submit(zone.id, [create(a(name, '10.0.4.12'))], comment, signal);
    mustEqual(result.kind === 'failed' && result.failure.kind, 'unreachable');
    if (hasLanded) await stands(a(name, '10.0.4.12'));
    else await stands();
    await reach(a(name, '10.0.4.12'));
  },
});

const skewed = (title: string, offsetMs: number): Check => ({
  title,
  run: async ({ service: { clientConfig }, zone, name, signal, stands }) => {
    const store = createRoute53ZoneStore({ clientConfig: { ...clientConfig, systemClockOffset: offsetMs } });
    const write = () => store.submit(zone.id, [create(a(name, '10.0.4.12'))], comment, signal);
    const first = await write();
    mustEqual(first.kind === 'failed' && first.failure.kind, 'busy');
    await stands();
    mustEqual((await write()).kind, 'accepted');
    await stands(a(name, '10.0.4.12'));
  },
});

/** What goes wrong between the adapter and the zone. */
export const faults: Heading = {
  heading: 'Faults',
  checks: [
    failing('Throttling', { kind: 'throttle' }, 'busy', /^Throttling/),
    failing('PriorRequestNotComplete', { kind: 'prior-request-not-complete' }, 'busy', /^PriorRequestNotComplete/),
    failing('HTTP 500', { kind: 'server-error', statusCode: 500 }, 'unreachable', /HTTP 500/),
    failing('HTTP 503', { kind: 'server-error', statusCode: 503 }, 'unreachable', /HTTP 503/),
    broken(
      'the connection is reset before the request: nothing is changed, and the same write then succeeds',
      'before-request',
      false,
    ),
    broken('the response is lost after the commit: looking shows that it landed', 'after-answer', true),
    {
      title: 'a protected record is refused with the comment of its protection',
      run: async ({ service: { local, store }, zone, name, signal, stands }) => {
        if (local === undefined) throw new CannotBeTried('a protection would outlive the run if the run were killed');
        local.faults.protect(zone.id, name, 'A', 'ask the network team');
        const result = await store.submit(zone.id, [create(a(name, '10.0.4.12'))], comment, signal);
        mustEqual(
          result.kind === 'failed' && [result.failure.kind, /ask the network team/.test(result.failure.message)],
          ['denied', true],
        );
        await stands();
      },
    },
    skewed('a clock that is 10 minutes slow is refused once, then corrected', -skewMs),
    skewed('a clock that is 10 minutes fast is refused once, then corrected', skewMs),
  ],
};
