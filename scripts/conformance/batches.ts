import type { Heading } from './check.ts';
import { mustEqual } from './check.ts';
import { a, create, raw, remove, set } from './record-sets.ts';

const already = /^Tried to create resource record set \[name='[^']+', type='A'\] but it already exists$/;
const another =
  /^Tried to delete resource record set \[name='[^']+', type='A'\] but the values provided do not match the current values$/;
const missing = /^Tried to delete resource record set \[name='[^']+', type='A'\] but it was not found$/;
const invalidPair = /^The request contains an invalid set of changes for a resource record set 'A [^']+'$/;

/** All or nothing, in order, compare-and-swap. */
export const batches: Heading = {
  heading: 'Batches',
  checks: [
    {
      title: 'CREATE of an existing set fails: "already exists"',
      run: async ({ name, reach, refuses }) => {
        await reach(a(name, '10.0.4.12'));
        await refuses([create(a(name, '10.0.4.12'))], already);
        await refuses([create(a(name, '10.0.4.13'))], already);
      },
    },
    {
      title: 'DELETE with another value, or one value more, fails: "do not match"',
      run: async ({ name, reach, refuses }) => {
        await reach(a(name, '10.0.4.12'));
        await refuses([remove(a(name, '10.0.4.13'))], another);
        await refuses([remove(a(name, '10.0.4.12', '10.0.4.13'))], another);
      },
    },
    {
      title: 'DELETE with another TTL fails: "do not match"',
      run: async ({ name, reach, refuses }) => {
        await reach(a(name, '10.0.4.12'));
        await refuses([remove(set(name, 'A', ['10.0.4.12'], 61))], another);
      },
    },
    {
      title: 'DELETE of nothing fails: "not found"',
      run: ({ name, refuses }) => refuses([remove(a(name, '10.0.4.12'))], missing),
    },
    {
      title: 'values in another order are equal',
      run: async ({ name, reach, send, stands }) => {
        await reach(a(name, '10.0.4.12', '10.0.4.13'));
        mustEqual((await send(remove(a(name, '10.0.4.13', '10.0.4.12')))).kind, 'accepted');
        await stands();
      },
    },
    {
      title: 'a double DELETE in a batch fails',
      run: async ({ name, reach, refuses }) => {
        await reach(a(name, '10.0.4.12'));
        await refuses([remove(a(name, '10.0.4.12')), remove(a(name, '10.0.4.12'))], invalidPair);
      },
    },
    {
      title: 'DELETE + CREATE of the same name and type succeeds',
      run: async ({ name, reach, send, stands }) => {
        await reach(a(name, '10.0.4.12'));
        mustEqual((await send(remove(a(name, '10.0.4.12')), create(a(name, '10.0.4.13')))).kind, 'accepted');
        await stands(a(name, '10.0.4.13'));
      },
    },
    {
      title: 'CREATE + DELETE of the same name and type fails',
      run: async ({ name, reach, refuses }) => {
        await refuses([create(a(name, '10.0.4.12')), remove(a(name, '10.0.4.12'))], invalidPair);
        await reach(a(name, '10.0.4.12'));
        await refuses([create(a(name, '10.0.4.13')), remove(a(name, '10.0.4.12'))], invalidPair);
      },
    },
    {
      title: 'a failing batch changes nothing',
      run: async ({ name, reach, refuses }) => {
        await reach(a(name, '10.0.4.12'));
        await refuses(
          [
            create(a(`fresh.${name}`, '10.0.4.13')),
            remove(a(name, '10.0.4.12')),
            remove(a(`gone.${name}`, '10.0.4.14')),
          ],
          missing,
        );
      },
    },
    {
      title: 'all messages of a failing batch are reported',
      run: async ({ name, reach, refuses }) => {
        await reach(a(name, '10.0.4.12'));
        await refuses([create(a(name, '10.0.4.13')), remove(a(`gone.${name}`, '10.0.4.14'))], already, missing);
      },
    },
    {
      title: 'an empty batch fails, and the adapter does not send one',
      run: async ({ refuses, refusesRaw }) => {
        await refusesRaw([]);
        await refuses([], /empty/);
      },
    },
    {
      title: 'a malformed batch fails',
      run: async ({ name, refusesRaw }) => {
        await refusesRaw([raw('REPLACE', a(name, '10.0.4.12'))]);
        await refusesRaw([
          { Action: 'CREATE', ResourceRecordSet: { Name: name, Type: 'A', ResourceRecords: [{ Value: '10.0.4.12' }] } },
        ]);
        await refusesRaw([raw('CREATE', a(name))]);
      },
    },
  ],
};
