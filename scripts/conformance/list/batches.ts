import { type Change, ChangeResourceRecordSetsCommand, type ResourceRecordSet } from '@aws-sdk/client-route-53';
import { accept, check, type Heading, mustEqual, needing, reach, refuse } from '../check.ts';

const already = /^Tried to create resource record set \[name='[^']+', type='A'\] but it already exists$/;
const another =
  /^Tried to delete resource record set \[name='[^']+', type='A'\] but the values provided do not match the current values$/;
const missing = /^Tried to delete resource record set \[name='[^']+', type='A'\] but it was not found$/;
const invalidPair = /^The request contains an invalid set of changes for a resource record set 'A [^']+'$/;

const host = '@ 60 A 10.0.4.12';
const marker = '_postal-endpoint.@ 60 TXT "v=1 generation=1"';

/** Changes that the SDK's types do not allow, or that lack what a change needs. */
const malformed: readonly (readonly [what: string, action: string, over: Partial<ResourceRecordSet>])[] = [
  ['an unknown action', 'REPLACE', {}],
  ['no TTL', 'CREATE', { TTL: undefined }],
  ['no values', 'CREATE', { ResourceRecords: [] }],
];

/** All or nothing, in order, compare-and-swap. */
export const batches: Heading = {
  heading: 'Batches',
  checks: [
    check('a CREATE of several sets is there as a whole', accept([`+ ${host}`, `+ ${marker}`], host, marker)),
    check(
      'CREATE of an existing set fails, with the same values and with others: "already exists"',
      reach(host),
      refuse([`+ ${host}`], already),
      refuse(['+ @ 60 A 10.0.4.13'], already),
    ),
    check(
      'DELETE with another value, or one value more, fails: "do not match"',
      reach(host),
      refuse(['- @ 60 A 10.0.4.13'], another),
      refuse(['- @ 60 A 10.0.4.12 | 10.0.4.13'], another),
    ),
    check('DELETE with another TTL fails: "do not match"', reach(host), refuse(['- @ 61 A 10.0.4.12'], another)),
    check('DELETE of nothing fails: "not found"', refuse([`- ${host}`], missing)),
    check(
      'values in another order are equal',
      reach('@ 60 A 10.0.4.12 | 10.0.4.13'),
      accept(['- @ 60 A 10.0.4.13 | 10.0.4.12']),
    ),
    check('IPv6 written in another way is equal', reach('@ 60 AAAA fd00::1'), accept(['- @ 60 AAAA fd00:0:0::1'])),
    check('a double DELETE in a batch fails', reach(host), refuse([`- ${host}`, `- ${host}`], invalidPair)),
    check(
      'DELETE + CREATE of the same name and type succeeds',
      reach(host),
      accept([`- ${host}`, '+ @ 60 A 10.0.4.13'], '@ 60 A 10.0.4.13'),
    ),
    check(
      'CREATE + DELETE of the same name and type fails',
      refuse([`+ ${host}`, `- ${host}`], invalidPair),
      reach(host),
      refuse(['+ @ 60 A 10.0.4.13', `- ${host}`], invalidPair),
    ),
    check(
      'a failing batch changes nothing, and all its messages are reported',
      reach(host),
      refuse(['+ fresh.@ 60 A 10.0.4.13', '+ @ 60 A 10.0.4.13', '- gone.@ 60 A 10.0.4.14'], already, missing),
    ),
    check('an empty batch fails', refuse([], /empty/)),
    ...malformed.map(([what, action, over]) =>
      needing(['http'], `a batch with ${what} fails`, async ({ subject, zone, name, signal, has }) => {
        const simple = { Name: name, Type: 'A', TTL: 60, ResourceRecords: [{ Value: '10.0.4.12' }] } as const;
        const change = {
          Action: action as Change['Action'],
          ResourceRecordSet: { ...simple, ResourceRecords: [...simple.ResourceRecords], ...over },
        };
        const command = new ChangeResourceRecordSetsCommand({
          HostedZoneId: zone.id,
          ChangeBatch: { Changes: [change] },
        });
        const status = await subject.http?.client.send(command, { abortSignal: signal }).then(
          () => 200,
          (error) => error.$metadata.httpStatusCode,
        );
        mustEqual(status, 400);
        await has();
      }),
    ),
  ],
};
