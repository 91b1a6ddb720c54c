import { describe, expect, it } from 'vitest';
import { encryptionOf, verifies } from '../../../lib/core/postal/encryption.ts';

describe('what an SSL mode makes Postal do', () => {
  it.each([
    ['None', 'none', 'none'],
    ['Auto', 'opportunistic', 'opportunistic'],
    ['TLS', 'implicit', 'implicit'],
    ['STARTTLS', 'none', 'required'],
    ['STARTLS', 'required', 'none'],
    ['starttls', 'none', 'none'],
    ['', 'none', 'none'],
  ])('%j: %s up to 3.3.6, %s where the constant is spelt right', (mode, broken, mended) => {
    expect([encryptionOf(mode, { version: '3.3.6' }), encryptionOf(mode, { version: '2.3.2' })]).toEqual([
      broken,
      mended,
    ]);
  });

  it('verifies where TLS is demanded', () => {
    expect((['none', 'opportunistic', 'required', 'implicit'] as const).map(verifies)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});
