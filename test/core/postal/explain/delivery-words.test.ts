import { expect, it } from 'vitest';
import { deliveryWords } from '../../../../lib/core/postal/explain/delivery-words.ts';
import { explain } from '../../../../lib/core/postal/explain/explain.ts';

it.each([
  [null, null, ''],
  ['', ' ', ''],
  ['Held.', null, 'Held.'],
  [' Tried gitlab.mail.corp.internal ', 'No route to host', 'Tried gitlab.mail.corp.internal.\nNo route to host'],
])('%j and %j are %j', (details, output, words) => expect(deliveryWords(details, output)).toBe(words));

it('keeps the output out of the hostname with which 2.x ends its details', () => {
  const details = 'No SMTP servers were available for acme.example. Tried gitlab.mail.corp.internal';
  expect(explain(deliveryWords(details, 'Connection refused'))).toMatchObject({
    recognised: true,
    hostnames: ['gitlab.mail.corp.internal'],
  });
});
