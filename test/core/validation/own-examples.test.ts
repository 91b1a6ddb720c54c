import { describe, expect, it, test } from 'vitest';
import { parseIpAddress } from '../../../lib/core/endpoint/ip-address.ts';
import { table } from '../../../lib/core/grammar/table.ts';
import { insideRanges } from '../../../lib/core/policy/ranges.ts';
import { ownExamples } from '../../../lib/core/validation/own-examples.ts';
import { helpMessage } from '../../../lib/messages/help-message.ts';

const zones = [{ name: 'internal.acme.test', id: 'Z1', vpcs: [] }];

describe('examples', () => {
  test.each([
    ['192.168.7.0/24', '192.168.7.12'],
    ['192.168.7.64/26', '192.168.7.76'],
    ['172.16.0.4/30', '172.16.0.7'],
    ['172.16.0.9/32', '172.16.0.9'],
    ['fd00:1::/64', 'fd00:1::c'],
    ['10.0.0.0/8', '10.0.4.12'],
  ])('have an address inside %s', (cidr, expected) => {
    const own = ownExamples({ zones, cidrs: [cidr], naming: undefined });
    expect(own('10.0.4.12')).toBe(expected);
    expect(insideRanges(own('10.0.4.13'), [cidr])).toBe(true);
    expect(parseIpAddress(own('10.0.4.13'))).toBeDefined();
  });

  it('have a name in the zone of the policy, or the one that its naming rule gives', () => {
    const naming = { pattern: '^mx-.*', severity: 'block' as const, example: 'mx-gitlab.internal.acme.test' };
    const text = 'gitlab.mail.corp.internal, *.mail.corp.internal, x.corp.internal';
    expect(ownExamples({ zones, cidrs: [], naming: undefined })(text)).toBe(
      'gitlab.internal.acme.test, *.internal.acme.test, x.internal.acme.test',
    );
    expect(ownExamples({ zones, cidrs: [], naming })(text)).toContain('mx-gitlab.internal.acme.test');
    expect(ownExamples({ zones: [{ name: 'corp.internal', id: 'Z1', vpcs: [] }], cidrs: [], naming })(text)).toBe(text);
  });

  it('of every verb of help are the deployment’s', () => {
    const own = ownExamples({ zones, cidrs: ['192.168.7.0/24'], naming: undefined });
    for (const verb of [undefined, ...Object.keys(table)])
      expect(JSON.stringify(helpMessage(verb, own))).not.toMatch(/corp\.internal|10\.0\.4\./);
  });
});
