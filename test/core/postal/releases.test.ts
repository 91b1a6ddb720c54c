import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { encryptionOf } from '../../../lib/core/postal/encryption.ts';
import { postalProfileSchema } from '../../../lib/core/postal/profile.ts';
import {
  addressesTried,
  brokenStarttlsText,
  hasBrokenStarttls,
  newestKnownRelease,
  releaseOf,
} from '../../../lib/core/postal/releases.ts';

const number = fc.nat({ max: 60 });
const versionFrom = (major: fc.Arbitrary<number>): fc.Arbitrary<string> =>
  fc.tuple(major, number, number).map((parts) => parts.join('.'));

describe('mode STARTTLS', () => {
  it('sends plaintext from 3.0.0 on, and in every release that nobody has looked at', async () => {
    await fc.assert(
      fc.property(versionFrom(fc.integer({ min: 3, max: 60 })), (version) => {
        expect(hasBrokenStarttls(version)).toBe(true);
        expect(encryptionOf('STARTTLS', { version })).toBe('none');
        expect(brokenStarttlsText(version)).toContain(version);
      }),
    );
  });

  it('encrypts in 2.x', async () => {
    await fc.assert(
      fc.property(versionFrom(fc.constant(2)), (version) => {
        expect(encryptionOf('STARTTLS', { version })).toBe('required');
      }),
    );
  });

  test.each([
    ['3.0.0', true],
    ['3.3.6', true],
    ['3.3.7', true],
    ['3.3.8', false],
    ['3.4.0', false],
    ['3.10.0', false],
    ['4.0.0', false],
    ['1.0.0', false],
  ])('of %s: known is %s, and the sentence says so', (version, isKnown) => {
    expect(releaseOf(version).isKnown).toBe(isKnown);
    expect(brokenStarttlsText(version).includes('assumed')).toBe(!isKnown);
  });

  it('is that of the newest known release where the profile names none', () => {
    const given = { heloHostname: 'p.example', returnPathDomain: 'rp.example', nameservers: ['10.0.0.2'] };
    expect(postalProfileSchema.parse(given).version).toBe(newestKnownRelease);
  });
});

describe('addresses tried', () => {
  const found = { ipv6: ['fd00::1', 'fd00::2'], ipv4: ['10.0.0.1', '10.0.0.2'] };

  test.each([
    ['3.3.7', undefined, ['fd00::1', 'fd00::2', '10.0.0.1', '10.0.0.2']],
    ['2.3.2', undefined, ['fd00::1', '10.0.0.1']],
    ['3.9.0', 'ipv6', ['fd00::1', 'fd00::2', '10.0.0.1', '10.0.0.2']],
    ['3.9.0', 'ipv4', ['10.0.0.1', '10.0.0.2', 'fd00::1', 'fd00::2']],
    ['3.9.0', 'ipv6_only', ['fd00::1', 'fd00::2']],
    ['3.9.0', 'ipv4_only', ['10.0.0.1', '10.0.0.2']],
  ] as const)('by %s with preference %s', (version, addressPreference, expected) => {
    const setting = addressPreference === undefined ? {} : { addressPreference };
    expect(addressesTried(found, { version, ...setting })).toEqual(expected);
  });
});
