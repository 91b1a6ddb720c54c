import { setTimeout } from 'node:timers/promises';
import { ChangeResourceRecordSetsCommand, NoSuchChange } from '@aws-sdk/client-route-53';
import { CannotBeTried, DidNotHold, type Heading, mustEqual } from './check.ts';
import { a, raw } from './record-sets.ts';
import { answered } from './steps.ts';

/** How often a change is asked for, where it takes up to a minute. */
const pollMs = 500;

/** PENDING, INSYNC, and neither. */
export const changeStatus: Heading = {
  heading: 'Change status',
  checks: [
    {
      title: 'a change is PENDING when it is accepted, and INSYNC later',
      run: async ({ service, zone, name, signal, stands }) => {
        const batch = { HostedZoneId: zone.id, ChangeBatch: { Changes: [raw('CREATE', a(name, '10.0.4.12'))] } };
        const { ChangeInfo } = await service.client.send(new ChangeResourceRecordSetsCommand(batch), {
          abortSignal: signal,
        });
        mustEqual(ChangeInfo?.Status, 'PENDING');
        await stands(a(name, '10.0.4.12'));
        const until = AbortSignal.timeout(service.checkDeadlineMs / 2);
        while (answered(await service.store.changeStatus(ChangeInfo?.Id ?? '', signal)) !== 'INSYNC') {
          if (until.aborted) throw new DidNotHold(`INSYNC within ${service.checkDeadlineMs / 2} ms`, 'PENDING');
          await setTimeout(pollMs, undefined, { signal });
        }
        await stands(a(name, '10.0.4.12'));
      },
    },
    {
      title: 'a change may stay PENDING for ever',
      run: async ({ service, name, signal, reach }) => {
        const { local } = service;
        if (local === undefined) throw new CannotBeTried('the service cannot be told to hold a change back');
        local.faults.holdPending(true);
        const changeInfoId = await reach(a(name, '10.0.4.12')).finally(() => local.faults.holdPending(false));
        await setTimeout(pollMs, undefined, { signal });
        mustEqual(answered(await service.store.changeStatus(changeInfoId, signal)), 'PENDING');
      },
    },
    {
      title: 'an unknown change id is NoSuchChange, and the adapter does not ask again',
      run: async ({ service, signal }) => {
        const unknown = await service.store.changeStatus('C00000000000000000000', signal);
        mustEqual(unknown.ok || [unknown.failure.kind, unknown.failure.message.split(':')[0]], [
          'denied',
          NoSuchChange.name,
        ]);
      },
    },
  ],
};
